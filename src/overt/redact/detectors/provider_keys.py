"""Keys of the providers that publish how their keys begin; a beginning and enough of what may follow is a key."""

import re
from typing import Final

from overt.redact.detector import Detector
from overt.redact.kinds import Kind

_PREFIXES: Final = (
    # code hosting and building
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-"),
    *("gloas-", "glsoat-", "glagent-", "glimt-", "ATBB", "ATATT3x", "ATCTT3x", "bkua_", "CCIPAT_", "CCIPRJ_"),
    *("npm_", "pypi-", "rubygems_", "CLOJARS_", "dckr_pat_", "dckr_oat_", "sgp_", "sntrys_", "sntryu_"),
    # clouds and hosting
    *("dop_v1_", "doo_v1_", "dor_v1_", "HRKU-", "fo1_", "FlyV1 ", "nfp_", "pscale_tkn_", "pscale_pw_", "pscale_oauth_"),
    *("sbp_", "sb_secret_", "hvs.", "hvb.", "hvr.", "dp.pt.", "dp.st.", "dp.ct.", "tskey-", "dt0c01."),
    *("ya29.", "AIza", "GOCSPX-", "sha256~"),
    # models
    *("sk-proj-", "sk-ant-", "sk-or-", "sk-svcacct-", "sk-admin-", "hf_", "api_org_", "gsk_", "r8_", "pplx-", "xai-"),
    *("nvapi-", "tgp_v1_", "csk-", "lsv2_pt_", "lsv2_sk_", "pcsk_", "jina_", "tvly-"),
    # messages, payment, shops, offices
    *("xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xoxc-", "xoxd-", "xapp-", "xkeysib-"),
    *("SG.", "FLWSECK", "FLWPUBK", "IGQV", "whsec_", "rzp_live_", "rzp_test_", "access-sandbox-"),
    *("access-development-", "access-production-", "shpat_", "shpca_", "shppa_", "shpss_", "sq0atp-", "sq0csp-"),
    *("sq0idp-",),
    *("EAAAE", "EZAK", "EZTK", "duffel_live_", "duffel_test_", "shippo_live_", "shippo_test_", "lin_api_"),
    *("lin_oauth_",),
    *("ntn_", "figd_", "figo_", "figu_", "pat-na1-", "pat-eu1-", "CFPAT-", "PMAK-", "rdme_"),
    # watching, data, the rest
    *("glsa_", "glc_", "eyJrIjoi", "NRAK-", "NRII-", "NRAA-", "phx_", "ops_eyJ", "aio_", "AKCp", "fio-u-"),
    *("pnu_", "pk.eyJ", "sk.eyJ", "dd_api_", "SSWS ", "tk-us-", "s-s4t2ud-", "s-s4t2af-"),
)  # fmt: skip
_WEAK: Final = (
    *(
        "sl.",
        "t1.",
        "y0_",
        "fc-",
        "API-",
        "oy2",
        "dapi",
        "secret_",
        "pul-",
        "ico-",
        "co_",
        "fw_",
        "EAAB",
        "EAAC",
        "EAAG",
    ),
    *("AKID", "LTAI", "AQVN", "gAAAAA", "ddp_", "phc_", "tfp_", "scp_", "rnd_", "vercel_"),
)
"""Beginnings that words have too: more must follow."""
_STRONG: Final = "|".join(map(re.escape, _PREFIXES))
_WEAKER: Final = "|".join(map(re.escape, _WEAK))
_AWS: Final = r"A(?:KIA|SIA|GPA|IDA|ROA|NPA|BIA|CCA|3T[A-Z0-9]|IPA|SCA|NVA|PKA)"


def _judge(text: str, start: int, end: int) -> Kind | None:
    """Leave words that happen to begin like a key: a key has a digit, or capitals among small letters."""
    word = text[start:end].replace("_", "-").rpartition("-")[2] or text[start:end]
    mixed = any(char.isdigit() for char in text[start:end]) or (word != word.lower() and word != word.upper())
    return Kind.API_KEY if mixed else None


DETECTOR: Final = Detector(
    kind=Kind.API_KEY,
    hints=(
        *_PREFIXES,
        *_WEAK,
        *(
            *(
                f"a{letters}"
                for letters in (
                    "kia",
                    "sia",
                    "gpa",
                    "ida",
                    "roa",
                    "npa",
                    "bia",
                    "cca",
                    "3t",
                    "ipa",
                    "sca",
                    "nva",
                    "pka",
                )
            ),
            "sk-",
        ),
        *(
            "sk_",
            "pk-",
            "pk_",
            "rk-",
            "rk_",
            "key-",
            "live_",
            "test_",
            *(f"{two}{digit}" for two in ("ac", "sk") for digit in "0123456789abcdef"),
            ":aa",
            "atlasv1",
            "st.",
            "s.",
            "v1.0-",
            "-us",
        ),
        *("hooks.slack.com", "api/webhooks/", "webhook.office"),
    ),
    patterns=(
        rf"\b{_AWS}[A-Z0-9]{{6,}}",
        rf"\b(?:{_STRONG})[A-Za-z0-9_.=~+/-]{{6,}}",
        rf"\b(?:{_WEAKER})[A-Za-z0-9_=~+/-]{{14,}}",
        r"(?i)\b(?:sk|pk|rk)[-_](?:[a-z]{2,8}[-_])*[a-z0-9_-]*[0-9][a-z0-9_-]{4,}",
        r"(?i)\bsk-[a-z0-9]{20,}|\bkey-[0-9a-f]{12,}|\b(?:AC|SK)[0-9a-f]{32}\b",
        r"\b(?:live|test)_[A-Za-z0-9]{20,}",
        r"\b\d{8,10}:AA[A-Za-z0-9_-]{18,}",
        r"\b[0-9a-f]{32}-us\d{1,2}\b",
        # in parts between dots: Discord's bots, Terraform, Infisical, Vault of old, Cloudflare's own
        r"\b[A-Za-z0-9][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}\b|\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{20,}",
        r"\bst\.[0-9a-f]{16,}\.[0-9a-f]{16,}(?:\.[0-9a-f]{16,})?|\bs\.[A-Za-z0-9]{24}\b|\bv1\.0-[0-9a-f]{24}-[0-9a-f]{60,}",
        (
            r"(?i)hooks\.slack\.com/\S+[0-9]\S*|discord(?:app)?\.com/api/webhooks/\S+[0-9]\S*|"
            r"webhook\.office\.com/\S+[0-9]\S*"
        ),
    ),
    judge=_judge,
    found=(
        "«AKIAIOSFODNN7EXAMPLE»",
        "«ghp_16C7e42F292c6912E7710c838347Ae178B4a»",
        "«github_pat_11AAAAAAA0aBcDeFgHiJkL_0123456789»",
        "export «sk-proj-abc123def456ghi789»",
        "«sk-proj-pbfWfcBUMkTiMFKBdUY»",
        "«sk-ant-api03-AbCdEf-123456»",
        "«sk_live_4eC39HqLyjWDarjtT1zdp7dc»",
        "«xoxb-123456789012-abcdefghij»",
        "«glpat-abcdefgh12345678abcd»",
        "«AIzaSyA1234567890abcdefghijklmnopqrstuv»",
        "«hf_AbCdEfGhIjKlMnOpQrStUvWxYz»",
        "«SG.abcdefGHIJ.klmnopQRST012»",
        "«npm_a1B2c3D4e5F6g7H8i9J0»",
        "«dop_v1_0a1b2c3d4e5f»",
        "«hvs.CAESIJabc123def»",
        "«shpat_0123456789abcdef»",
        "«123456789:AAH9s0mEt0kenOfTwentyChars» is the bot's",
        "«0123456789abcdef0123456789abcdef-us12»",
        "https://«hooks.slack.com/services/T0000/B0000/XXXX»",
    ),
    kept=(
        *("skin-care", "sk-ii essence", "pk-machinery", "test_functions", "live_music berlin", "co_operation"),
        *("api_organisation", "secret_santa", "npm_package", "sl.wikipedia.org", "fc-barcelona", "pypi-server"),
        *("asian food", "asiaticgarden", "railway_station", "secret_garden_summary", "t1.sports.example"),
    ),
)
