"""The words of each special category, English and German: ``~`` is a space or a hyphen, ``*`` any ending."""

from types import MappingProxyType
from typing import Final

TERMS: Final = MappingProxyType(
    {
        "health": """ cancer chemotherapy tumou?r* leuk[a]?emia lymphoma melanoma diabet* insulin hiv aids
            hepatitis herpes chlamydia syphilis gonorrh* std~test sti~test depress(?:ion|ed) antidepressant*
            anxiety~disorder panic~attack* bipolar schizophren* adhd autis(?:m|tic) ptsd ocd anorexi* bulimi*
            eating~disorder* burnout suicid* self~harm psychiatr* psychotherap* therapist* epileps* epileptic
            multiple~sclerosis parkinson* alzheimer* dementia asthma copd crohn* colitis ibs fibromyalgia
            lupus arthritis endometriosis menopause miscarriage abortion* pregnan* ivf infertil* contracepti*
            erectile~dysfunction prostate migraine* stroke~symptoms heart~attack angina dialysis transplant
            chronic~fatigue long~covid disabilit* wheelchair alcoholi* addict* rehab withdrawal~symptoms
            overdose symptoms? diagnos[ei]s side~effects prozac sertraline xanax ritalin metformin ozempic
            methadone krebs* chemotherapie diabetes zuckerkrank* depression* depressiv* angststörung
            panikattacke* essstörung* selbstmord* suizid* psychiat* psychotherapeut* epilepsie demenz
            schwanger* abtreibung* fehlgeburt wechseljahre unfruchtbar* geschlechtskrankheit* behinderung*
            schwerbehindert* alkoholiker* sucht suchtberatung entzug krankschreibung arbeitsunfähig* symptome?
            diagnose nebenwirkung* bandscheibenvorfall* herzinfarkt schlaganfall
        """,
        "politics": """
            democrats? republicans? labou?r~party tories tory conservative~party liberal~democrats green~party
            communis[mt]* socialis[mt]* fascis[mt]* anarchis[mt]* far~right far~left alt~right trump biden
            antifa maga brexit vote~leave join~a~party party~membership political~party how~to~vote
            who~to~vote~for voter~registration protest~march demonstration~against pro~life pro~choice
            left~wing right~wing cdu csu spd afd fdp bsw linkspartei grüne~partei parteimitglied* parteibuch
            wahlomat wahl~o~mat wahlprogramm* linksextrem* rechtsextrem* kommunis[mt]* sozialis[mt]*
            faschis[mt]* kundgebung politische~partei
        """,
        "religion": """
            christian(?:ity|s)? catholic* protestant* orthodox~church baptis[mt]* evangelical* mormon*
            jehovah's~witness* muslims? islam* mosques? quran koran ramadan halal sharia sunni shia
            jew(?:s|ish)? judaism synagogues? kosher torah rabbis? rabbin* hindu* buddhis[mt]* sikh* atheis[mt]*
            agnostic* scientology church~near~me mass~times bible~study prayer~times? conversion~to
            convert~to~(?:islam|judaism|christianity) pastor priest* confession~near~me kathol* evangelisch*
            kirchenaustritt kirchensteuer gottesdienst* moschee* muslim* jüdisch* judentum synagoge*
            freikirche* zeugen~jehovas gebetszeiten konfession taufe konfirmation kommunion* buddhis[mt]*
            atheis[mt]*
        """,
        "sexuality": """
            gay lesbians? bisexual* transgender trans~(?:man|woman|people) transition~hormones queer
            lgbt[a-z+]* asexual* homosexual* heterosexual* sexual~orientation coming~out grindr drag~bar
            gender~dysphoria gender~reassignment non~binary sex~life sex~toys? porn* fetish* bdsm
            escort~service erotic* sexual* prep~pills hookup schwul* lesbisch* bisexuell* homosexuell*
            transsexuell* geschlechtsangleichung queer* sexuell* sexleben erotik*
        """,
        "union": """
            trade~unions? labou?r~unions? workers'?~union
            union~(?:dues|rep|reps|member|membership|organi[sz]er|election|card) join~a~union unioni[sz]e*
            unioni[sz]ing unioni[sz]ation collective~bargaining strike~(?:action|fund|ballot|pay)
            shop~steward* works~council afl~cio teamsters uaw seiu unison unite~the~union picket~line
            gewerkschaft* betriebsrat* betriebsräte personalrat* streik* tarifverhandlung* tarifvertrag* verdi
            ig~metall igbce warnstreik* vertrauensleute
        """,
    }
)
"""Terms by the name of their category."""
