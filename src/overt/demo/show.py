"""The account as a table on a terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from overt.demo.account import Account, Line


def show(account: Account, console: Console) -> None:
    """Print what was done, what was kept, what was withheld and why, and then the figures."""
    console.print(_table(account))
    for text in figures(account):
        console.print(Text(text))
    for problem in account.problems:
        console.print(Text(f"✗ {problem}", style="bold red"))
    good = "Nothing that was planted was found, and everything that was allowed is in the export, in order."
    console.print(Text(good, style="bold green") if account.good else Text("The demo failed.", style="bold red"))


def figures(account: Account) -> list[str]:
    """Return the figures in sentences."""
    each = account.figures
    actions, searched, frames, episode = each["actions"], each["search"], each["frames"], each["episode"]
    rows = each["dataset"]["rows"]
    refused = "refused" if episode["changed_copy_refused"] else "NOT refused"
    patterns = f"{searched['patterns']:,} patterns over {searched['files']:,} files, {searched['bytes']:,} bytes"
    pictures = f"{each['dataset']['images_decoded']} pictures"
    told = (
        f"Allowed acts: {actions['found']} of {actions['wanted']} expected actions in the export, in order, exact; ",
        f"{actions['pictured']} with a picture; {actions['stray_texts']} texts that no act accounts for.\n",
        f"Secrets: {searched['found']} traces of {searched['secrets']} planted ({patterns}, ",
        f"{searched['strings']:,} decrypted strings).\n",
        f"Frames: {frames['secret_pixels']} pixels of the secrets' colour in {frames['searched']} frames; ",
        f"the screen itself showed {frames['shown_on_screen']:,}.\n",
        f"Episode: {episode['state']}, {episode['flushes']} flushes, {episode['bytes']:,} bytes, verified without ",
        f"a key; a copy with one bit changed was {refused}.\n",
        f"Dataset: {rows['steps']} steps, {rows['visits']} page visits, {rows['queries']} searches, {pictures}, ",
        "loaded with datasets.\n",
        f"Recorder: {each['recorder']['lost']} events lost, stopped and sealed in ",
        f"{each['recorder']['stop_seconds']} s. The whole story took {each['seconds']['total']:.0f} s.",
    )
    return "".join(told).splitlines()


def outcome(line: Line) -> tuple[str, str]:
    """Return what was kept of an act, and what was withheld of it, in words."""
    kept = f"{line.found} of {line.wanted} actions" if line.wanted else "nothing"
    if not line.secret:
        return kept, ""
    reasons = f" ({', '.join(line.noted)})" if line.noted else ""
    return kept, f"the secret: {line.findings} traces{reasons}" if line.planted else "was not planted"


def _table(account: Account) -> Table:
    table = Table(title="What was done, what was kept, what was withheld and why", title_justify="left")
    for heading in ("", "done", "kept", "withheld", "why"):
        table.add_column(heading, overflow="fold")
    for line in account.lines:
        kept, withheld = outcome(line)
        mark = Text("✓", style="green") if line.good else Text("✗", style="bold red")
        table.add_row(mark, line.did, kept, withheld, line.why)
    return table
