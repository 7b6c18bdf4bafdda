"""``croissant.json``: the data set in the words of Croissant 1.1 and its RAI extension, for catalogues and loaders."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from overt.dataset.card import licence_of, terms_of, title_of
from overt.dataset.interface import Format
from overt.dataset.manifest import Account
from overt.dataset.release import Split

CROISSANT: Final = "croissant.json"

Node = dict[str, Any]

_CONFORMS: Final = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
_WORDS: Final = (
    "citeAs",
    "column",
    "equivalentProperty",
    "extract",
    "field",
    "fileProperty",
    "fileObject",
    "fileSet",
    "format",
    "includes",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
)
"""Of the standard context, which readers compare word by word."""
_CONTEXT: Final[Node] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    **{word: f"cr:{word}" for word in _WORDS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}

_ENCODINGS: Final = {
    ".parquet": "application/x-parquet",
    ".jsonl": "application/jsonlines",
    ".tar": "application/x-tar",
}
_KINDS: Final = {"string": "sc:Text", "int8": "sc:Integer", "int32": "sc:Integer", "bool": "sc:Boolean"}
_TABLES: Final = ("steps", "episodes", "visits", "queries", "tasks")

_RAI: Final = {
    "rai:dataCollectionType": ["Direct measurement", "Passive data collection"],
    "rai:dataPreprocessingProtocol": [
        "Frames are masked, and texts redacted, on the person's own machine before anything is stored.",
        "The person looks through each episode, takes out what they like, and approves what is left.",
        "At export every text and every shown picture is looked at again; one finding bars the whole episode.",
        "Events become actions by written rules; doubtful steps are flagged, and none is left out for its quality.",
    ],
    "rai:annotationsPerItem": "0",
    "rai:dataBiases": [
        "Who takes part chose to, and chose what to approve.",
        "Sites, tools and languages are those of one organisation's work.",
    ],
    "rai:dataLimitations": [
        "Nobody wrote instructions, and nobody judged whether a task succeeded.",
        "There is no time inside an action, and no pointer path.",
    ],
    "rai:dataSocialImpact": "Models of how people use computers may take over work; every person in this data set was "
    "told so, could refuse at no cost, and may withdraw.",
}


def croissant(account: Account, files: Mapping[str, str]) -> str:
    """Return the text of ``croissant.json`` of a data set with the data *files* and their SHA-256.

    Raises:
        BackendUnavailableError: it has tables, and pyarrow is not installed.
    """
    told: Node = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(_CONFORMS),
        "name": f"overt-{account.receipt_salt[:12]}",
        "description": f"{title_of(account)}. {terms_of(account)}".replace("\n", " "),
        "identifier": release_id(account),
        "url": release_id(account),
        "version": f"1.0.{account.deleted}",
        "license": licence_of(account),
        "creator": {"@type": "sc:Organization", "name": account.about.controller or "nobody: a trial"},
        "isLiveDataset": False,
        **_rai(account),
        "distribution": [*_files(files), *_sets(account, files)],
        "recordSet": list(_records(account)),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def release_id(account: Account) -> str:
    """Return what names the release of a data set: it stays when something is deleted from it."""
    return f"urn:overt:release:{account.receipt_salt}"


def _rai(account: Account) -> Node:
    what = f"{', '.join(account.signals)}, on a short list of sites"
    by_people = f"People recorded themselves at work, visibly: {what}, under a grant that each signed for this purpose."
    return {
        "rai:dataCollection": f"A program made everything up: {what}." if account.synthetic else by_people,
        "rai:dataCollectionTimeFrame": [f"{month}-01" for month in dict.fromkeys(account.months)],
        "rai:dataUseCases": terms_of(account).replace("\n", " "),
        "rai:personalSensitiveInformation": [
            "Contributors are people; each has a name of this release alone.",
            "What may still identify a person: vocabulary, the size of the window, the steps of the wheel.",
        ],
        "rai:dataReleaseMaintenancePlan": "Consent can be withdrawn. Signed revocation lists name what is to be "
        "deleted; the issuer purges the release and signs it again.",
        **_RAI,
    }


def _files(files: Mapping[str, str]) -> Iterator[Node]:
    """Yield each file that a loader opens; pictures and documents are sets."""
    for name, sha256 in files.items():
        encoding = _ENCODINGS.get(PurePosixPath(name).suffix)
        if encoding is not None:
            file = {"@type": "cr:FileObject", "@id": name, "name": name, "contentUrl": name}
            yield {**file, "encodingFormat": encoding, "sha256": sha256}


def _sets(account: Account, files: Mapping[str, str]) -> Iterator[Node]:
    below = ["" if split == Split.TRAIN else f"{split}/" for split in account.splits]
    if Format.PARQUET in account.formats:
        for table in _TABLES:
            yield _set(table, [f"{each}data/{table}-*.parquet" for each in below], "application/x-parquet")
    folders = sorted({str(PurePosixPath(name).parent) for name in files if name.endswith(".png")})
    if folders:
        yield _set("pictures", [f"{folder}/*.png" for folder in folders], "image/png")
    if Format.ATIF in account.formats:
        yield _set("trajectories", [f"{each}atif/*.json" for each in below], "application/json")


def _set(name: str, includes: list[str], encoding: str) -> Node:
    return {"@type": "cr:FileSet", "@id": name, "name": name, "encodingFormat": encoding, "includes": includes}


def _records(account: Account) -> Iterator[Node]:
    if Format.PARQUET not in account.formats:
        return
    from overt.dataset.schema import TABLES  # noqa: PLC0415 - pyarrow is an extra

    yield {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [{"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"}],
        "data": [{"splits/name": str(split)} for split in account.splits],
    }
    for table, schema in TABLES.items():
        if account.rows[table]:  # a record set without records is an error to some readers
            fields = [_field(table, column.name, column.type) for column in schema]
            yield {"@type": "cr:RecordSet", "@id": f"{table}-rows", "name": f"{table}-rows", "field": fields}


def _field(table: str, column: str, kind: Any) -> Node:  # noqa: ANN401 - pyarrow has no types
    node = {"@type": "cr:Field", "@id": f"{table}-rows/{column}", "name": column}
    source = {"fileSet": {"@id": table}, "extract": {"column": column}}
    if column == "image":
        return {**node, "dataType": "sc:ImageObject", "source": {**source, "transform": {"jsonPath": "bytes"}}}
    if column == "split":
        return {**node, "dataType": "sc:Text", "source": source, "references": {"field": {"@id": "splits/name"}}}
    if str(kind).startswith("list<"):
        inner = kind.value_type
        if str(inner) in _KINDS:
            return {**node, "dataType": _KINDS[str(inner)], "repeated": True, "source": source}
        return {**node, "repeated": True, "subField": [_part(table, column, part, source) for part in inner]}
    if str(kind).startswith("struct"):
        return {**node, "subField": [_part(table, column, part, source) for part in kind]}
    return {**node, "dataType": _KINDS[str(kind)], "source": source}


def _part(table: str, column: str, part: Any, source: Node) -> Node:  # noqa: ANN401 - as above
    listed = str(part.type).startswith("list")
    kind = str(part.type.value_type) if listed else str(part.type)
    node = {"@type": "cr:Field", "@id": f"{table}-rows/{column}/{part.name}", "name": f"{column}/{part.name}"}
    told = {**node, "dataType": _KINDS[kind], "source": {**source, "transform": {"jsonPath": part.name}}}
    return told | ({"repeated": True} if listed else {})
