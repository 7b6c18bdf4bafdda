"""Fields that are not what they seem."""

from tests.desktop.pages.case import ANY, FIELD, Case, Expect, page
from tests.desktop.pages.stage import Stage, write

CARD, CODE = "4556 7375 8689 9855", "739 251"
SHADOW = """const h = document.createElement("div"); document.body.prepend(h);
h.attachShadow({mode: "MODE"}).innerHTML = '<input id="s" aria-label="Search words" type="TYPE">';"""


def shadow(mode: str, kind: str) -> str:
    # A closed root cannot be reached later, so it is kept here.
    made = SHADOW.replace("MODE", mode).replace("TYPE", kind).replace("h.attachShadow", "const r = h.attachShadow")
    made = made.replace(").innerHTML", "); r.innerHTML")
    return page("", made + "r.querySelector('input').focus();")


def kept(name: str, body: str = FIELD, script: str = "", *, html: str = "", firefox: bool = False) -> Case:
    return Case(name=name, expect=Expect.KEPT, act=write, html=html or page(body, script), firefox=firefox)


def withheld(
    name: str, body: str, script: str = "", *, html: str = "", canary: str = "", firefox: bool = False
) -> Case:
    return Case(name=name, expect=Expect.WITHHELD, act=write, html=html or page(body, script), canary=canary,
                named=True, firefox=firefox)  # fmt: skip


def dropped(name: str, body: str, script: str = "", *, reason: str = "no_field", firefox: bool = False) -> Case:
    return Case(name=name, expect=Expect.REFUSED, act=write, html=page(body, script), reason=reason, named=True,
                firefox=firefox)  # fmt: skip


def one_by_one(stage: Stage, case: Case) -> None:
    stage.until("field")
    stage.type(case.canary.replace(" ", ""), pause=0.12)
    stage.settle()


PASSWORD = '<input id="a" type="password" autofocus aria-label="Search words">'
SIX = "".join(f'<input id="a{n}" maxlength="1" size="1" {"autofocus" if not n else ""}>' for n in range(6))
NEXT = "document.oninput = (e) => e.target.nextElementSibling?.focus?.();"

FIELDS = (
    kept("an ordinary field", firefox=True),
    kept("a field without a label", "<input autofocus>", firefox=True),
    kept("a field in the shadow", html=shadow("open", "text")),
    kept("a field with suggestions", '<input id="a" list="l" autofocus><datalist id="l"><option>lamp</datalist>'),
    kept("a field in a dialog", f"<dialog id=d>{FIELD}</dialog>", "d.showModal(); a.focus();", firefox=True),
    kept("a field over several lines", '<textarea id="a" autofocus></textarea>', firefox=True),
    withheld("a password", PASSWORD, firefox=True),
    withheld("a password that turns to text", PASSWORD, "a.oninput = () => a.type = 'text';", firefox=True),
    withheld("a password that turns to text and back", PASSWORD,
             "a.oninput = () => a.type = a.type == 'text' ? 'password' : 'text';"),
    withheld("a text that turns to a password and back", FIELD,
             "a.type = 'password'; a.oninput = () => setTimeout(() => a.type = 'text', 60);"),
    withheld("text drawn as discs", '<input id="a" autofocus style="-webkit-text-security: disc" value="x">'),
    withheld("text drawn as squares", '<input id="a" autofocus style="-webkit-text-security: square" value="x">'),
    withheld("text drawn as circles", '<input id="a" autofocus style="-webkit-text-security: circle" value="x">'),
    withheld("a password that says it is a search box", PASSWORD.replace("<input", '<input role="searchbox"'),
             firefox=True),
    withheld("a password that says it is a text box", PASSWORD.replace("<input", '<input role="textbox"')),
    withheld("a password that says it is a button", PASSWORD.replace("<input", '<input role="button"')),
    withheld("a password in the shadow", "", html=shadow("open", "password"), firefox=True),
    withheld("a password in a closed shadow", "", html=shadow("closed", "password")),
    withheld("a password in a dialog", f"<dialog id=d>{PASSWORD}</dialog>", "d.showModal(); a.focus();"),
    withheld("a one-time code by its name", '<input id="otp" autocomplete="one-time-code" autofocus>', firefox=True),
    withheld("a card number by its name", '<input name="cardnumber" autocomplete="cc-number" autofocus>'),
    withheld("a card number without a name", '<input autocomplete="cc-number" autofocus>', canary=CARD, firefox=True),
    withheld("a one-time code without a name",
             '<input autocomplete="one-time-code" inputmode="numeric" maxlength="6" autofocus>', canary=CODE),
    withheld("a telephone number", '<input type="tel" autofocus>'),
    withheld("an address for mail", '<input type="email" autofocus>'),
    withheld("a field that is called a password only while one types", FIELD,
             "a.oninput = () => a.setAttribute('aria-label', 'Password');"),
    Case(name="a code in six fields", expect=Expect.WITHHELD, act=one_by_one, html=page(SIX, NEXT), canary="739251",
         named=True),
    withheld("a composer", '<div id="a" contenteditable tabindex=0></div>', "a.focus()", firefox=True),
    withheld("a composer that says it is a text box",
            '<div id="a" role="textbox" aria-label="Search words" contenteditable></div>', "a.focus()"),
    withheld("a composer that says it is a search box",
            '<div id="a" role="searchbox" contenteditable="plaintext-only"></div>', "a.focus()"),
    dropped("a page that is all editable", "<p>Write here</p>", "document.designMode = 'on'; document.body.focus();",
            reason="secret_field"),
    dropped("a canvas that takes keys", '<canvas id="a" tabindex=0 width=200 height=60></canvas>',
            "const t = []; a.onkeydown = (e) => t.push(e.key); a.focus();"),
    dropped("a box that says it is a text box", '<div id="a" role="textbox" tabindex=0>Write</div>',
            "a.onkeydown = (e) => a.textContent += e.key; a.focus();"),
    dropped("a list to choose from", '<select id="a" autofocus><option>one<option>two</select>'),
    dropped("a page that takes keys itself", "<p>Nothing to write in</p>", "document.onkeydown = () => {};"),
    dropped("a password hidden from assistive technology", f'<div aria-hidden="true">{PASSWORD}</div>', reason=ANY),
)  # fmt: skip
