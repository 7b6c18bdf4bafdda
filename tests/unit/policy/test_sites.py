"""Every page is judged by exact host, then by area; look-alikes and tricks are refused by a named rule."""

import pytest

from overt.policy.hosts import HOSTS, NEVER
from overt.policy.rules import SENTENCES, SiteRule
from overt.policy.sites import AREAS, SITES, Allowed, Denied, judge

ALLOWED = [
    ("https://www.google.com/", "google/home"),
    ("https://www.google.com", "google/home"),
    ("https://google.com/search?q=ada", "google/search"),
    ("https://www.google.com/search?q=100%25", "google/search"),
    ("https://www.google.com/search?q=a#fpstate=ive", "google/search"),
    ("https://www.google.de/search?q=ada", "google/search"),
    ("https://www.google.co.uk/webhp?hl=en", "google/home"),
    ("https://www.google.com.br/imghp", "google/images"),
    ("HTTPS://WWW.GOOGLE.COM/search?q=ada", "google/search"),
    ("https://www.google.com:443/search?q=ada", "google/search"),
    ("https://www.google.com./search?q=ada", "google/search"),
    ("https://www.wikipedia.org/", "wikipedia/home"),
    ("https://en.wikipedia.org/wiki/Ada_Lovelace", "wikipedia/article"),
    ("https://en.wikipedia.org/wiki/Ada_Lovelace#Biography", "wikipedia/article"),
    ("https://en.wikipedia.org/wiki/Ada_Lovelace#/media/File:Ada.jpg", "wikipedia/article"),
    ("https://en.m.wikipedia.org/wiki/Ada_Lovelace", "wikipedia/article"),
    ("https://en.wikipedia.org/wiki/AC/DC", "wikipedia/article"),
    ("https://en.wikipedia.org/wiki/Mission:_Impossible", "wikipedia/article"),
    ("https://fa.wikipedia.org/wiki/%D9%85%DB%8C%E2%80%8C%D8%AE", "wikipedia/article"),
    ("https://zh-min-nan.wikipedia.org/wiki/T%C3%A2i-o%C3%A2n", "wikipedia/article"),
    ("https://en.wikipedia.org/w/index.php?search=ada&title=Special:Search", "wikipedia/search"),
    ("https://en.wikipedia.org/w/index.php?search=ada", "wikipedia/search"),
    ("https://de.wikipedia.org/w/index.php?search=ada&title=Spezial%3ASuche", "wikipedia/search"),
    ("https://fr.wikipedia.org/wiki/Sp%C3%A9cial:Recherche?search=ada", "wikipedia/search"),
    ("https://en.wikipedia.org/wiki/Special:Search/ada", "wikipedia/search"),
    ("https://en.wikipedia.org/w/index.php?title=Ada_Lovelace&action=history", "wikipedia/history"),
    ("https://en.wikipedia.org/w/index.php?title=Ada_Lovelace&oldid=1", "wikipedia/history"),
    ("https://en.wikipedia.org/w/index.php?title=Ada_Lovelace&diff=2", "wikipedia/history"),
    ("https://en.wikipedia.org/w/index.php?title=Ada_Lovelace&action=view&action=history", "wikipedia/history"),
    ("https://www.linkedin.com/jobs/", "linkedin/jobs"),
    ("https://www.linkedin.com/jobs/search/?keywords=rust", "linkedin/jobs"),
    ("https://www.linkedin.com/jobs/view/3456789012/", "linkedin/jobs"),
    ("https://www.linkedin.com/jobs/collections/recommended/", "linkedin/jobs"),
    ("https://www.linkedin.com/search/results/jobs/?keywords=rust", "linkedin/search"),
    ("https://de.linkedin.com/company/example", "linkedin/company"),
    ("https://www.linkedin.com/company/example/about/", "linkedin/company"),
    ("https://www.linkedin.com/school/example", "linkedin/school"),
    ("https://www.linkedin.com/learning/topics/rust", "linkedin/learning"),
    ("https://www.linkedin.com/pulse/an-article", "linkedin/pulse"),
]

TRICKS = [
    ("", SiteRule.SCHEME),
    ("www.google.com/search?q=ada", SiteRule.SCHEME),
    ("//www.google.com/search", SiteRule.SCHEME),
    ("http://www.google.com/search?q=ada", SiteRule.SCHEME),
    ("ftp://www.google.com/", SiteRule.SCHEME),
    ("https:/www.google.com/", SiteRule.SCHEME),
    ("view-source:https://www.google.com/search?q=ada", SiteRule.SCHEME),
    ("data:text/html,https://www.google.com/", SiteRule.SCHEME),
    ("about:blank", SiteRule.SCHEME),
    ("about:srcdoc", SiteRule.SCHEME),
    ("blob:https://www.google.com/0f0e", SiteRule.SCHEME),
    ("filesystem:https://www.google.com/temporary/", SiteRule.SCHEME),
    ("javascript:location='https://www.google.com/'", SiteRule.SCHEME),
    ("file:///srv/www.google.com/search", SiteRule.SCHEME),
    ("chrome://settings/", SiteRule.SCHEME),
    ("chrome-extension://aaaabbbbcccc/www.google.com/search", SiteRule.SCHEME),
    ("moz-extension://0f0e/https://www.google.com/", SiteRule.SCHEME),
    ("devtools://devtools/bundled/inspector.html", SiteRule.SCHEME),
    ("https://www.google.com@evil.example/search", SiteRule.USERINFO),
    ("https://user:word@www.google.com/search", SiteRule.USERINFO),
    ("https://@www.google.com/search", SiteRule.USERINFO),
    ("https://www.google.com:8443/search", SiteRule.PORT),
    ("https://www.google.com:80/search", SiteRule.PORT),
    ("https://www.google.com:/search", SiteRule.PORT),
    ("https://www.google.com:0443/search", SiteRule.PORT),
    ("https://www.google.com:443:443/search", SiteRule.PORT),
    ("https://[::1]/search", SiteRule.PORT),
    ("https:///search", SiteRule.UNREADABLE),
    ("https://", SiteRule.UNREADABLE),
    ("https://www.google.com\\@evil.example/", SiteRule.UNREADABLE),
    ("https://evil.example\\.google.com/", SiteRule.UNREADABLE),
    ("https://www.google.com\\search", SiteRule.UNREADABLE),
    ("https://www%2egoogle.com/search", SiteRule.UNREADABLE),
    ("https://www.google.com%00.evil.example/", SiteRule.UNREADABLE),
    ("https://www.google.com\t/search", SiteRule.UNREADABLE),
    ("https://www.google.com/se\narch", SiteRule.UNREADABLE),
    ("https://www.google.com/search?q=a\u202eb", SiteRule.UNREADABLE),
    (" https://www.google.com/search", SiteRule.UNREADABLE),
    ("https://www.google.com/%", SiteRule.UNREADABLE),
    ("https://www.google.com/%ff", SiteRule.UNREADABLE),
    ("https://www.google.com/search%00", SiteRule.UNREADABLE),
    ("https://www.google.com/search%5C", SiteRule.UNREADABLE),
    ("https://www.google.com/search?q=%f", SiteRule.UNREADABLE),
    ("https://www.google.com/search?%00q=a", SiteRule.UNREADABLE),
    ("https://www.google.com/search?q=" + "a" * 9000, SiteRule.TOO_LONG),
    ("https://www.googlе.com/search", SiteRule.HOST_NOT_ASCII),  # noqa: RUF001 - a Cyrillic letter is the point
    ("https://www.google。com/search", SiteRule.HOST_NOT_ASCII),
    ("https://ｗww.google.com/search", SiteRule.HOST_NOT_ASCII),  # noqa: RUF001 - so is a full-width one
    ("https://www.xn--googl-4we.com/search", SiteRule.HOST_NOT_ASCII),
    ("https://XN--80ak6aa92e.wikipedia.org/wiki/Ada", SiteRule.HOST_NOT_ASCII),
    ("https://www.google.com//search", SiteRule.PATH_TRICK),
    ("https://www.google.com/search/../accounts", SiteRule.PATH_TRICK),
    ("https://www.google.com/%2e%2e/search", SiteRule.PATH_TRICK),
    ("https://www.google.com/./search", SiteRule.PATH_TRICK),
    ("https://www.google.com/%2Fsearch", SiteRule.PATH_TRICK),
    ("https://www.google.com/s%2565arch", SiteRule.PATH_TRICK),
    ("https://en.wikipedia.org/wiki/Special%253AUserLogin", SiteRule.PATH_TRICK),
]

HOSTS_REFUSED = [
    ("https://evilgoogle.com/search", SiteRule.HOST_NOT_LISTED),
    ("https://www.google.com.evil.example/search", SiteRule.HOST_NOT_LISTED),
    ("https://www-google.com/search", SiteRule.HOST_NOT_LISTED),
    ("https://www.google.com../search", SiteRule.HOST_NOT_LISTED),
    ("https://www.google.evil/search", SiteRule.HOST_NOT_LISTED),
    ("https://google/search", SiteRule.HOST_NOT_LISTED),
    ("https://translate.google.com/", SiteRule.HOST_NOT_LISTED),
    ("https://sites.google.com/view/x", SiteRule.HOST_NOT_LISTED),
    ("https://en-wikipedia.org/wiki/Ada", SiteRule.HOST_NOT_LISTED),
    ("https://evilwikipedia.org/wiki/Ada", SiteRule.HOST_NOT_LISTED),
    ("https://wikipedia.org/wiki/Ada", SiteRule.HOST_NOT_LISTED),
    ("https://qq.wikipedia.org/wiki/Ada", SiteRule.HOST_NOT_LISTED),
    ("https://en.wikipedia.org.evil.example/wiki/Ada", SiteRule.HOST_NOT_LISTED),
    ("https://commons.wikimedia.org/wiki/Ada", SiteRule.HOST_NOT_LISTED),
    ("https://linkedin.com.evil.example/jobs/", SiteRule.HOST_NOT_LISTED),
    ("https://www.linkedin.example/jobs/", SiteRule.HOST_NOT_LISTED),
    ("https://127.0.0.1/search", SiteRule.HOST_NOT_LISTED),
    ("https://accounts.google.com/signin", SiteRule.SIGN_IN),
    ("https://myaccount.google.com/", SiteRule.ACCOUNT),
    ("https://mail.google.com/mail/u/0/", SiteRule.MAIL),
    ("https://pay.google.com/", SiteRule.PAYMENT),
    ("https://docs.google.com/document/d/1", SiteRule.PERSONAL),
    ("https://gemini.google.com/app", SiteRule.CONVERSATION),
    ("https://auth.wikimedia.org/enwiki/wiki/Special:UserLogin", SiteRule.SIGN_IN),
    ("https://lnkd.in/abc", SiteRule.REDIRECT),
]

EXCLUDED = [
    ("https://www.google.com/url?q=https://evil.example", SiteRule.REDIRECT),
    ("https://www.google.com/amp/s/evil.example", SiteRule.REDIRECT),
    ("https://www.google.com/maps/place/Home", SiteRule.PERSONAL),
    ("https://www.google.com/history", SiteRule.PERSONAL),
    ("https://www.google.com/account/about", SiteRule.ACCOUNT),
    ("https://www.google.com/preferences", SiteRule.SETTINGS),
    ("https://www.google.com/search?q=hello&udm=50", SiteRule.CONVERSATION),
    ("https://www.google.com/Search?q=ada", SiteRule.AREA_NOT_LISTED),
    ("https://www.google.com/search/howsearchworks", SiteRule.AREA_NOT_LISTED),
    ("https://www.google.com/finance", SiteRule.AREA_NOT_LISTED),
    ("https://en.wikipedia.org/wiki/Special:UserLogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/special:userlogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/Special_:_UserLogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/Special%E2%80%8C:_UserLogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/Special%3APreferences", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/Special:EmailUser/Ada", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/Special:SearchX", SiteRule.NAMESPACE),
    ("https://de.wikipedia.org/wiki/Spezial:Anmelden", SiteRule.NAMESPACE),
    ("https://fr.wikipedia.org/wiki/Sp%C3%A9cial:Connexion", SiteRule.NAMESPACE),
    ("https://ja.wikipedia.org/wiki/%E7%89%B9%E5%88%A5:%E3%83%AD%E3%82%B0%E3%82%A4%E3%83%B3", SiteRule.NAMESPACE),
    ("https://ru.wikipedia.org/wiki/%D0%A1%D0%BB%D1%83%D0%B6%D0%B5%D0%B1%D0%BD%D0%B0%D1%8F:Ada", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/User:Ada", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/User:_Ada", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/User:_Ada:_Lovelace", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/User_talk:_Ada", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/User+talk:%20Ada", SiteRule.NAMESPACE),
    ("https://de.wikipedia.org/wiki/Benutzerin:_Ada", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/User_talk:Ada", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/Talk:Ada_Lovelace", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/Unheard_of:Ada", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/:Special:UserLogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/wiki/Ada?title=Special:UserLogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/?title=Special:UserLogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/w/index.php?%20title=Special:UserLogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/w/index.php?title=Ada&title=Special:UserLogin", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/w/index.php?curid=1", SiteRule.NAMESPACE),
    ("https://en.wikipedia.org/w/index.php?title=Ada&action=edit", SiteRule.EDITING),
    ("https://en.wikipedia.org/w/index.php?title=Ada&action=submit", SiteRule.EDITING),
    ("https://en.wikipedia.org/w/index.php?title=Ada&action=%65dit", SiteRule.EDITING),
    ("https://en.wikipedia.org/w/index.php?title=Ada&action[]=edit", SiteRule.EDITING),
    ("https://en.wikipedia.org/w/index.php?title=Ada&action=history&action=edit", SiteRule.EDITING),
    ("https://en.wikipedia.org/wiki/Ada?veaction=edit", SiteRule.EDITING),
    ("https://en.wikipedia.org/w/index.php?title=Ada&redlink=1", SiteRule.EDITING),
    ("https://en.wikipedia.org/w/index.php?title=Ada&action=watch", SiteRule.EDITING),
    ("https://en.m.wikipedia.org/wiki/Ada#/editor/0", SiteRule.EDITING),
    ("https://en.m.wikipedia.org/wiki/Ada#/notifications", SiteRule.EDITING),
    ("https://en.wikipedia.org/w/index.php", SiteRule.AREA_NOT_LISTED),
    ("https://en.wikipedia.org/w/api.php?action=view", SiteRule.AREA_NOT_LISTED),
    ("https://en.wikipedia.org/w/api.php?title=Ada", SiteRule.AREA_NOT_LISTED),
    ("https://en.wikipedia.org/wiki/Ada?title=Special:Search", SiteRule.AREA_NOT_LISTED),
    ("https://en.wikipedia.org/wiki/", SiteRule.AREA_NOT_LISTED),
    ("https://www.wikipedia.org/wiki/Ada", SiteRule.AREA_NOT_LISTED),
    ("https://www.linkedin.com/login", SiteRule.SIGN_IN),
    ("https://www.linkedin.com/uas/login", SiteRule.SIGN_IN),
    ("https://www.linkedin.com/checkpoint/lg/login-submit", SiteRule.SIGN_IN),
    ("https://www.linkedin.com/messaging/thread/1", SiteRule.MESSAGING),
    ("https://www.linkedin.com/jobs/view/1/message", SiteRule.MESSAGING),
    ("https://www.linkedin.com/in/ada-lovelace/", SiteRule.PROFILE),
    ("https://www.linkedin.com/IN/ada-lovelace/", SiteRule.PROFILE),
    ("https://www.linkedin.com/in/ada/edit/intro/", SiteRule.PROFILE),
    ("https://www.linkedin.com/company/example/people/", SiteRule.PROFILE),
    ("https://www.linkedin.com/search/results/people/?keywords=ada", SiteRule.PROFILE),
    ("https://www.linkedin.com/learning/me", SiteRule.PROFILE),
    ("https://www.linkedin.com/mypreferences/d/categories/account", SiteRule.SETTINGS),
    ("https://www.linkedin.com/psettings/", SiteRule.SETTINGS),
    ("https://www.linkedin.com/premium/products/", SiteRule.PAYMENT),
    ("https://www.linkedin.com/feed/", SiteRule.PERSONAL),
    ("https://www.linkedin.com/mynetwork/", SiteRule.PERSONAL),
    ("https://www.linkedin.com/jobs/view/1/apply/", SiteRule.APPLICATION),
    ("https://www.linkedin.com/jobs%2Fview/1/apply", SiteRule.APPLICATION),
    ("https://www.linkedin.com/jobs/search/post-apply/next", SiteRule.APPLICATION),
    ("https://www.linkedin.com/company/example/admin/", SiteRule.ACCOUNT),
    ("https://www.linkedin.com/", SiteRule.AREA_NOT_LISTED),
    ("https://www.linkedin.com/jobs/tracking", SiteRule.AREA_NOT_LISTED),
    ("https://www.linkedin.com/search/results/content/", SiteRule.AREA_NOT_LISTED),
    ("https://www.linkedin.com/company/example/about/more", SiteRule.AREA_NOT_LISTED),
]


@pytest.mark.parametrize(("url", "area"), ALLOWED)
def test_a_page_of_a_listed_area_is_allowed(url: str, area: str) -> None:
    verdict = judge(url)

    assert isinstance(verdict, Allowed)
    assert (verdict.area, verdict.site) == (area, area.partition("/")[0])
    assert HOSTS[verdict.host] == verdict.site


@pytest.mark.parametrize(("url", "rule"), TRICKS + HOSTS_REFUSED + EXCLUDED)
def test_any_other_page_is_denied_by_a_named_rule(url: str, rule: SiteRule) -> None:
    assert judge(url) == Denied(rule=rule)


@pytest.mark.parametrize(("url", "area"), ALLOWED)
def test_a_site_that_the_grant_leaves_out_is_denied(url: str, area: str) -> None:
    others = SITES - {area.partition("/")[0]}

    assert judge(url, others) == Denied(rule=SiteRule.SITE_NOT_GRANTED)
    assert judge(url, frozenset()) == Denied(rule=SiteRule.SITE_NOT_GRANTED)


def test_a_site_that_the_grant_names_is_judged_as_ever() -> None:
    assert isinstance(judge("https://www.google.com/", frozenset({"google"})), Allowed)


@pytest.mark.parametrize(("url", "area"), ALLOWED)
def test_an_area_that_the_policy_leaves_out_is_denied_and_no_other(url: str, area: str) -> None:
    assert judge(url, SITES, frozenset({area})) == Denied(rule=SiteRule.AREA_EXCLUDED)
    assert isinstance(judge(url, SITES, frozenset(AREAS) - {area}), Allowed)


def test_every_area_that_is_ever_allowed_can_be_left_out() -> None:
    assert {area for _, area in ALLOWED} == set(AREAS)
    assert {area.partition("/")[0] for area in AREAS} == SITES


def test_leaving_an_area_out_hides_no_stricter_rule() -> None:
    denied = judge("https://www.linkedin.com/messaging/", SITES, frozenset({"messaging"}))

    assert denied == Denied(rule=SiteRule.MESSAGING)


def test_every_rule_has_a_sentence() -> None:
    assert set(SENTENCES) == set(SiteRule)
    assert all(rule.sentence.endswith(".") for rule in SiteRule)


def test_the_hosts_that_are_never_allowed_are_in_no_table() -> None:
    assert not set(NEVER) & set(HOSTS)
