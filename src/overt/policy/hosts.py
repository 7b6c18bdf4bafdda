"""The exact hosts that may be recorded, and hosts of the same owners that never may, with the reason."""

# ruff: noqa: SIM905 - a table reads best as a block of words
from types import MappingProxyType
from typing import Final

from overt.policy.rules import SiteRule

_GOOGLE_ENDINGS: Final = """
ad ae al am as at az ba be bf bg bi bj bs bt by ca cat cd cg ch ci cl cm cn co.ao co.bw co.ck co.cr co.id co.il
co.in co.jp co.ke co.kr co.ls co.ma co.mz co.nz co.th co.tz co.ug co.uk co.uz co.ve co.vi co.za co.zm co.zw com
com.af com.ag com.ar com.au com.bd com.bh com.bn com.bo com.br com.bz com.co com.cu com.cy com.do com.ec com.eg
com.et com.fj com.gh com.gi com.gt com.hk com.jm com.kh com.kw com.lb com.ly com.mm com.mt com.mx com.my com.na
com.ng com.ni com.np com.om com.pa com.pe com.pg com.ph com.pk com.pr com.py com.qa com.sa com.sb com.sg com.sl
com.sv com.tj com.tr com.tw com.ua com.uy com.vc com.vn cv cz de dj dk dm dz ee es fi fm fr ge gg gl gm gr gy hn
hr ht hu ie im iq is it je jo kg ki kz la li lk lt lu lv md me mg mk mn mu mv mw ne nl no nr nu pl pn ps pt ro
rs ru rw sc se sh si sk sm sn so sr st td tg tl tm tn to tt vu ws
""".split()
# Domains under .cf, .ga, .gq, .ml and .tk are left out: those registries lapsed, and names there changed hands.

_LANGUAGES: Final = """
ab ace ady af als alt am ami an ang ann anp ar arc ary arz as ast atj av avk awa ay az azb ba ban bar bat-smg
bbc bcl bdr be be-tarask bew bg bh bi bjn blk bm bn bo bol bpy br bs btm bug bxr ca cbk-zam cdo ce ceb ch chr
chy ckb co cr crh cs csb cu cv cy da dag de dga din diq dsb dtp dty dv dz ee el eml en eo es et eu ext fa fat ff
fi fiu-vro fj fo fon fr frp frr fur fy ga gag gan gcr gd gl glk gn gom gor got gpe gu guc gur guw gv ha hak haw
he hi hif hr hsb ht hu hy hyw ia iba id ie ig igl ik ilo inh io is isv it iu ja jam jbo jv ka kaa kab kai kaj
kbd kbp kcg kg kge ki kk kl km kn knc ko koi krc ks ksh ku kus kv kw ky la lad lb lbe lez lfn lg li lij lld lmo
ln lo lt ltg lv mad mag mai map-bms mdf mg mhr mi min mk ml mn mni mnw mos mr mrj ms mt mwl my myv mzn nah nap
nds nds-nl ne new nia nl nn no nov nqo nr nrm nso nup nv ny oc olo om or os pa pag pam pap pcd pcm pdc pfl pi pl
pms pnb pnt ppl ps pt pwn qu rki rm rmy rn ro roa-rup roa-tara rsk ru rue rw sa sah sat sc scn sco sd se sg sh
shi shn si simple sk skr sl sm smn sn so sq sr srn ss st stq su sv sw syl szl szy ta tay tcy tdd te tet tg th ti
tig tk tl tly tn to tok tpi tr trv ts tt tum tw ty tyv udm ug uk ur uz ve vec vep vi vls vo wa war wo wuu xal xh
xmf yi yo za zea zgh zh zh-classical zh-min-nan zh-yue zu
""".split()

_COUNTRIES: Final = """
ae ar at au be bg bo br ca ch cl cn co cr cz de dk do ec ee eg es fi fr gh gr gt hk hr hu id ie il in is it jm
jo jp ke kr kw kz lb lk lt lu lv ma mt mu mx my ng nl no nz om pa pe ph pk pl pr pt py qa ro rs ru sa se sg si
sk sn sv th tn tr tt tw tz ua ug uk uy uz ve vn za zw
""".split()

HOSTS: Final = MappingProxyType(
    {f"google.{ending}": "google" for ending in _GOOGLE_ENDINGS}
    | {f"www.google.{ending}": "google" for ending in _GOOGLE_ENDINGS}
    | {f"{language}.wikipedia.org": "wikipedia" for language in ("www", *_LANGUAGES)}
    | {f"{language}.m.wikipedia.org": "wikipedia" for language in _LANGUAGES}
    | {f"{country}.linkedin.com": "linkedin" for country in ("www", *_COUNTRIES)}
)
"""Host to site. Exact: a host that is not a key here is not allowed, whatever it ends or begins with."""

NEVER: Final = MappingProxyType(
    {
        "accounts.google.com": SiteRule.SIGN_IN,
        "myaccount.google.com": SiteRule.ACCOUNT,
        "myactivity.google.com": SiteRule.PERSONAL,
        "mail.google.com": SiteRule.MAIL,
        "chat.google.com": SiteRule.MESSAGING,
        "messages.google.com": SiteRule.MESSAGING,
        "meet.google.com": SiteRule.MESSAGING,
        "pay.google.com": SiteRule.PAYMENT,
        "payments.google.com": SiteRule.PAYMENT,
        "wallet.google.com": SiteRule.PAYMENT,
        "passwords.google.com": SiteRule.ACCOUNT,
        "gemini.google.com": SiteRule.CONVERSATION,
        "drive.google.com": SiteRule.PERSONAL,
        "docs.google.com": SiteRule.PERSONAL,
        "photos.google.com": SiteRule.PERSONAL,
        "calendar.google.com": SiteRule.PERSONAL,
        "contacts.google.com": SiteRule.PERSONAL,
        "maps.google.com": SiteRule.PERSONAL,
        "auth.wikimedia.org": SiteRule.SIGN_IN,
        "login.wikimedia.org": SiteRule.SIGN_IN,
        "lnkd.in": SiteRule.REDIRECT,
    }
)
"""Hosts that are refused anyway, listed so that the reason can be told."""
