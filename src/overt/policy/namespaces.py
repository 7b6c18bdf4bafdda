"""Names of MediaWiki's personal namespaces in every language that it speaks.

Facts of MediaWiki 1.39's message files. Case-folded, with ``_`` for a space and without format characters.
"""

# ruff: noqa: E501, RUF001, SIM905 - the alphabets of the world, as blocks of words
from typing import Final

SPECIAL: Final = frozenset(
    """
amẓli aparteko aptaca arbednek arbennek arbennig arnawlı arnaýı astamiwa bağse
berezi dibar diŋ'gahim doaimmat doxmeli eihhrâhpa er_lheh erenoamáš eri erikoine
especial espesial espesiat espesiál espesyal espezial extra faphegileng husus
ibidasanzwe ihü_kárírí immikkut impotant ippiziari ispetziale istimewa istimiwa
jagleel kasi'iked kasi’iked kerfissíða khaas khas kin_iniptnaq kingal_nanaq
kotakahi kusuih kusus këcëweek maalum maasus mahsus makehe manokana maxsus
mba'echĩchĩ mirunggan natatangi nōncuahquīzqui papa_nui patikos pinakisumaljiyan
pinaurog posebno pàtàkì rirci sapak sapaq sazumaay schbezial schbädsjaal
serstakt serstakur seviškuo shpezjal si_tohude sipeciås sipesol soronko specala
speciaal special speciala specialaĵo speciale specialine specialis specialne
specialnje specialus speciaol speciel specioal speciàle speciális speciální
speciâl speciālin specjalna specjalnô specēlos speisialta spesiaal spesial
spesyal spetziali spezial speçałe speçiale speċjali spiciali spèciâl spécial
syndrig szpecyjalna sònraichte tallituslehekülg taybet tek-pia̍t toiminnot
tooimah uslig uzalutno uzzig vonọtaun vyisangije wat_khwo wiki xususi xüsusi
xısusi èspésyal özel ýörite đặc_biệt špeciálne ɖéɖovo ειδικό ειδικόν адмысловае
аналлаах арнайы атайын аҥылу башка башка_тевень башхо белхан вижа гӏулакха
къуллугъирал_лажин къуллукъ көдлхнə көдлхнә лӱмын_ыштыме махсус нарочьна окреме
отсасян панель посебно сæрмагонд служебная специални специјална специјални
спеціальна спеціальні спецӹлӹштӓш спэцыяльныя тусгай тускай тусхай
хъулухъалъулаб цастәи шпеціална ярҙамсы ятарлă սպասարկող באַזונדער באזונדער
מיוחד ئالاھىدە اؤزل ارنايى تایبەت حاص خاص شا ویژه ځانگړی ځﺎﻧګړی ڤیجە ۆێک ܕܝܠܢܝܐ
ހާއްޞަ ޚާއްސަ ߞߙߍߞߙߍߣߍ߲ खास बिशेष विशेश विशेष विशेषः विशेषम् विसेस বিশেষ ਖ਼ਾਸ
ਖਾਸ વિશેષ ବିଶେଷ சிறப்பு ప్రత్యేక ವಿಶೇಷ ವಿಸೇಸೊ പ്രത്യേ പ്രത്യേകം විශේෂ พิเศษ
ພິເສດ တဲး၀ါး တၟေင် အထူး ၶိုၵ်ႉတွၼ်း სპეციალური ልዩ ፍሉይ ពិសេស ᨻᩥᩔᩮ ᱟᱥᱚᱠᱟᱭ 特別 特殊
ꠛꠤꠡꠦꠡ ꯑꯈꯟꯅꯕ 특 특수 특수기능
""".split()
)
"""Namespace of tools and forms: sign-in, preferences, mail to a user, watchlist, search."""

PERSONAL: Final = frozenset(
    """
agar-aramat agar-aramat_tungtungan alderique amsawal amsawal_n_usmras amseqdac
amyannan_umsqedac användardiskussion användare aptarimas aptarėms arotus
arraxonus arraxonus_de_s’impreadora arraxonus_de_s’impreadori arutelu asmras
atuisoq atuisup_oqalliffia avan_a_kipakamanguanguaq a̱lyiat a̱lyiat_a̱tyunta̱m
a̱tyunta̱m aжыглакчы aжыглакчы_чугаа aжыглакчы_чугаазы baat babble benotzer
benotzer_diskussioun benudzer benudzer_dischbediere benutser benutser_diskussion
benutserske benutserske_diskussion benutzer benutzer_diskussion benutzerin
benutzerin_diskussion bespik bespreking bicara bicara_pengguna bikarhêner
bikarhêner_nîqaş bolediša boledišana_le_mošomi brucend brucendmotung bruger
brugerdiskussion brukar brukardiskusjon bruker bruker_diskuschoon
brukerdiskusjon brëkòwnik brúkarakjak brúkari brúkari_kjak brûker brûker_oerlis
brūcend brūcendmōtung bänudsâr bänudsârdisghusjoon bäxäs caraba casnu
casnu_lo_pilno chiàcchiera choyoołʼįįhí choyoołʼįįhí_bichʼįʼ_yáshtiʼ ciaciarade
ciciarada ciciarada_dovrat ciciarada_druvadur ciciarada_druvat ciciarada_utent
cinzyuwaw cleachdaiche collogue contièndha conversa conversa_usuaria
conversa_usuario copene cows cows_devnydhyer cumbersa cumbersa_outelizador
cumbersa_outelizador(a) cumbersa_outelizadora cuntierra cuntierra_usuàriu
dalībniece dalībnieces_diskusija dalībnieka_diskusija dalībnieks dartışma
deasbaireachd deasbaireachd_a'_chleachdaiche debato defnyddiwr descusión
descusión_usuaria descusión_usuario devnydhyer dhiskusi dhiskusi_panganggo
dinika dinika_amin'ny_mpikambana dischbedutt dischkrian dischussioni
dischussioni_utenti discusion discusion_utensa discusión discussion
discussion_usanciér discussion_usator discussion_utent discussion_utente
discussion_utilisateur discussion_utilisator discussion_utilisatrice
discussion_utilizaire discussione discussioni discussioni_utente
discussioni_utenti discussiun discussió discussão discutar discute discuter
discutida_utilisator discutir discuusje discuusje_gebruker discuţie
discuţie_utilizator discuție discuție_utilizator discûscion discûscioîn_ûtente
disghusjoon diskisyon diskisyon_itilizatè diskisyon_itilizatò diskite diskusaun
diskusaun_uza-na'in diskuschoon diskuse diskuse_s_uživatelem
diskuse_s_uživatelkou diskusia diskusia_s_redaktorom diskusia_s_užívateľkou
diskusia_s_užívateľom diskusija diskusija_wužywarja diskusija_wužywarki
diskusija_z_wužiwarjom diskusija_z_wužiwarku diskusiōni diskusjon diskuson
diskuson_di_uzuária diskuson_di_uzuáriu diskussion diskussioun diskussión
diskussjoni diskussjoni_utent diskusyón diskuti diskuti_utent diskutim diskuto
diskùsëjô diskùsëjô_brëkòwnika disolo disolo_kisadi disputatio disputatio_usoris
dovrat druvadur druvat dulooi dwumadini dwumadini_nkitahode dwumadzinyi
dwumadzinyi_nkɔmbɔdzibea dyskusja dyskusja_użytkowniczki dyskusja_użytkownika
dyskusyjo dyskusyjo_używacza empduuy empleador euverlèk euverlèk_gebroeker
eztabaida favesik favesikprilara female_user foydalanuvchi
foydalanuvchi_munozarasi geavaheaddjeságastallan geavaheaddji geban gebanibespik
gebroeker gebruiker gebruikerbespreking gebruker gesprec gotûbêj
gotûbêja_bikarhêner gumagamit gumaramit hiruhimangaw_hiton_gumaramit
hiruhimangraw hisgot hisgot_sa_gumagamit hmâhtuhpa hmâhtuhpa_reihpahmaoh hodidọ
huhuo huhuo_zangoguna ibiganiro ibiganiro_by'umukoresha ikiyago ikiyago_c
implijer implijerez impreadora impreadori itilizatè itilizatò iōng-chiá
iōng-chiá_thó-lūn i̇stifadəçi i̇stifadəçi_müzakirəsi jam jam_kekë_dulooi jeno
jeno_vakyarimata jëfandikukat ka_notcitatc kaiga kakaljavaran
kaozeadenn_implijer kaozeadenn_implijerez kaozeal karber karber_mesac
karber_vaten karber_werênayış kasasowal kasasowal_no_midemakay kasutaja
kasutaja_arutelu ke_ici_aimihitonaniwok ke_ici_aimihitonaniwok_notcita_iriniw
kescows kescows_devnydhyer keskows keskows_devnydhyer keskustelu
keskustelu_käyttäjästä kevttee kipakamanguanguaq_kakaljavaran kisadi kjak klaaf
kombetsasion kombetsasion_ni_muna'sesetbi komentár komentár_k_redaktorovi
korisnica korisnik kullanıcı kullanıcı_dartışma kullanıcı_mesaj kävutai käyttäi
käyttäi_pagin käyttäjä kūkākūkā kūkākūkā_o_mea_hoʻohana lankide
lankide_eztabaida lietotāja_diskusija lietotājs lo lodu lodu_kävutajas
lītuotuojs majadiliano majadiliano_ya_mtumiaji male_user maota marit
marit_ureuëng_ngui marit_ureuëng_nguy masyin maxmare maxmare_mesaji mea_hoʻohana
medmaacher medmaacher_klaaf medmaacheren medmaacherin meidogger meidogger_oerlis
mesac message_de_empleador messaje_de_usador metmaacher metmaacher_klaaf
metmaacheren metmaacherin middawaida middawaida_dischbediere midemakay
misaungayay mmeslay modirisi motung mošomi mpikambana mpprngaw mtumiaji
muna'sesetbi munozara muzakere myangekõi müzakirə mōtung naaltsoos_baa_yáshtiʼ
naraguna naudotoja naudotojas naudotojo_aptarimas naudotojos_aptarimas
nauduotuojė_aptarėms nauduotuos nkitahode nkɔmbɔdzibea nkɔmmɔ nopegət
notandaspjall notandi nutza nutza_dischkrian nîqaş obrolan obrolan_pamaké
odwumanyɛni odwumanyɛni_nkɔmmɔbea oerlis okoədə okoədəj_nopegət okwu
okwu_ọ'bànifé okwu_ọbanife olay olay_kan_paragamit oníṣe oqallinneq outelizador
outelizador(a) outelizadora overleg overleg_gebruiker overleg_gebruker owo
pabligbagan pabligbagan_sang_anganggé pagin pakanḍhâ'ân
pakanḍhâ'ânna_pangangghuy palalau palalau_ki_te_kaiga pamakai pamaké pamandiran
pamandiran_pamakai pangangghuy panganggo pangguno paragamit parembugan
parembugan_naraguna parembugan_panganggo paydalanıwshı paydalanıwshı_sa'wbeti
pembicaraan pembicaraan_pengguna pengguna perbincangan perbincangan_pengguna
perbualan perbualan_pengguna perdoruesi perdoruesi_diskutim pilno
pisubelidan_tu_kamu_ni_misaungayay_sapimatatengil plé plé_úsáideora pogovor
pprngagun_empduuy prilara pruukja pruukja_arotus puisano puisano_ya_modirisi
puruhára puruhára_myangekõi përdorues përdoruesi përdoruesi_diskutim përdoruesja
përdoruesja_diskutim qatıswşı qatıswşı_talqılawı qullanuçı qullanuçı_bäxäse
qullanıcı qullanıcı_muzakeresi razgovor razgovor_s_korisnicom
razgovor_s_korisnikom razgovor_sa_korisnikom razgovor_sa_suradnicom
razgovor_sa_suradnikom redaktor reipahmaohpa resooney resooney_ymmydeyr
rimanakuy rundiang rundiang_pangguno rurak rurakpa_rimanakuy ruraq
ruraq_rimanakuy sa'wbet sadasya sadasya_ke_baat sang_anganggé sangoguna sasukamu
savâstâllâm savâstâllâm_kevttest sgwrs sgwrs_defnyddiwr spjall spkayal
spkayal_cinzyuwaw sprīža sprīža_ap_lītuotuoju suradnica suradnik szerkesztő
szerkesztővita ságastallan ta_ohu tagagamit taki taki_fu_masyin talk talqılaw
tameslayt tartışma thành_viên thó-lūn thảo_luận thảo_luận_thành_viên
tlatequitiltilīlli tlatequitiltilīlli_tēixnāmiquiliztli tok_abaut_am toktok
toktok_bilong_yusa tungtungan tēixnāmiquiliztli tērpautajas_diskusiōni
tērpautajs uiser uiser_collogue ulanyjy ulanyjy_çekişme umukoresha uporabnik
uporabniški_pogovor ureuëng_ngui ureuëng_nguy usador usanciér usapan
usapang_tagagamit usator usator_discussion useqdac useqdac_tameslayt user
user_talk user_vita usor usor_discute usuari usuari_discussió usuaria
usuaria_alderique usuaria_caraba usuaria_discusión usuario usuario_caraba
usuario_discusión usuariu usuariu_alderique usuariu_discusión usuària
usuària_discussió usuàriu usuária usuária_discussão usuário usuário_discussão
utensa utent utente utente_chiàcchiera utente_discussioni utenti utilisader
utilisader_discussiun utilisateur utilisator utilisatrice utilizador
utilizador_discussão utilizadora utilizadora_discussão utilizaire utilizator
uwukoresha uza-na'in uzanta_diskuto uzantino uzantino-diskuto uzantino_debato
uzanto uzanto-diskuto uzanto_debato uzeu uzeu_copene uzula_diskuto uzulo uzuária
uzuáriu użytkowniczka użytkownik używacz uživatel uživatel_diskuse uživatelka
uživatelka_diskuse užívateľ užívateľka vakyarimata vaten vikipediista_diskuto
vikipediisto vita waxtaan waxtaani_jëfandikukat werênayış wikizantɔ wužiwar
wužiwarka wužywarka wužywaŕ xoɖɔtɛn xoɖɔtɛn_wikizantɔ_lɛ_tɔn ymmydeyr yusa
yuuser yuuser_dischbedutt yuza yuza_tok_abaut_am yɛltɔɣa zinzantọ
zinzantọ_hodidọ äğzä äğzä_bäxäse çekişme úsáideoir ğarğala ŋun_su ŋun_su_yɛltɔɣa
καλάτσεμαν καλάτσεμαν_χρήστε συζήτηση συζήτηση_χρήστη χρήστεσ χρήστησ
абмеркаваньне ажыглакчы ажыглакчы_чугаа алахәыла алахәыла_ахцәажәара архайæг
архайæджы_дискусси архайæджы_ныхас ахцәажәара бахӏс баҳс баҳси_корбар беседа
бесѣда бєсѣда бәхәс вераськон веревирд_авун викиавтор викиавтор_сярысь_вераськон
гутаркі_ўдзельніка гутаркі_ўдзельніцы гьуртту_хьума гьуртту_хьуминнал_ихтилат
гӏахьалчи гӏахьалчиясул_бахӏс гӏахьалчӏужу гӏахьалчӏужуялъул_бахӏс декъашхо
декъашхон_дийцаре декъашхочун_дийцаре демнч демнчна_туск_меткән дийца дийцаре
дийцаре_декъашхо дискусси доакъашхо доакъашхочун_дувцар діскузіа
діскузіа_з_хоснователём діскузія діскузія_з_хоснователём иалахә ихтилат
каҥашымаш колдонуучу колдонуучунун_баарлашуулары корбар корисник користувач
користувачка кортамо корхнема кулланучы кулланучы_бәхәсе къошулуучу
къошулуучуну_сюзюу къулланыджы къулланыджы_музакереси кыттааччы
кыттааччы_ырытыыта кӓнгӓшӹмӓш меткән музакере обговорення
обговорення_користувача обговорення_користувачки обсуждение обсуждение_участника
обсуждение_участницы орлцач орлцачна_тускар_ухалвр пайдаланыше
пайдаланышын_каҥашымаш пайдаланышын_каҥашымашыже польѕевател҄ь
польѕевател_бесѣда польꙃєватєл҄ь польꙃєватєлꙗ_бєсѣда потребител
потребител_беседа пырысь пырыськӧд_сёрнитанiн разговор разговор_са_корисником
разговор_со_корисник размовы размовы_з_удзельнікам розгварка
розгварка_зоз_хасновательку розгварка_зоз_хасновательом сирӹшӹ
сирӹшӹм_кӓнгӓшӹмӓш сирӹшӹн_кӓнгӓшӹмӓшӹжӹ сюзюу сёрнитанiн сӳтсе_явасси тæрхон
талкуу талқылау теиця теицянь_кортамось тепсэлъэхьыгъуэ тиись тиись_корхнема
туружаачы туружаачыны_шӱӱжери удзельнік удзельніца уртах уртахдин_веревирд_авун
ухалвр участник участница фекер_алышыу фекерләшеү фикер_алышу хаснователь
хаснователька хоснователь хутшăнакан хутшăнаканăн_канашлу_страници хэлэлсэхэ
хэлэлцүүлэг хэрэглэгч хэрэглэгчийн_яриа хэрэглэгшые_хэлэлсэхэ хэрэглэгшэ
цӏыхухэт цӏыхухэт_тепсэлъэхьыгъуэ чугаа шӱӱжӱ ырытыы ювцар юзер юзери_дийца
қатысушы қатысушы_талқылауы ҡатнашыусы ҡатнашыусы_м-н_фекер_алышыу
ҡатнашыусы_менән_һөйләшеү մասնակից մասնակցի_քննարկում քննարկում באַניצער
באַניצער_רעדן באַניצערין באַניצערין_רעדן באנוצער באנוצער_רעדן באניצער
באניצער_רעדן משתמש משתמשת רעדן שיחה שיחת_משתמש שיחת_משתמשת ئىشلەتكۈچى
ئىشلەتكۈچى_مۇنازىرىسى ایشلدن ایشلدن_دانیشیغی بحث بحث_کاربر بَحَژ بەکارھێنەر
تالقىلاۋ تبادلۂ_خیال تبادلۂ_خیال_صارف خبرې_اترې خدايمي د_کارن_خبرې_اترې
د_کارونکي_خبرې_اترې دانیشیق رُکُن رُکُن_بَحَژ رُکُن_کَتھ صارف قاتىسۋشى
قاتىسۋشى_تالقىلاۋى قسەی_بەکارھێنەر لمداكرة_د_لخدايمي لێدوان لێدوانی_بەکارھێنەر
مداكرة مستخدم مستخدمة مۇنازىرە نقاش نقاش_المستخدم نقاش_المستخدمة واپرائيندڙ
واپرائيندڙ_بحث وتووێژ ورتن_گل_بات ورتنوالا ورتݨ_آلا ورتݨ_آلے_دی_ڳالھ_مہاڑ يوزر
يوزر_بحث چأک_چئنە چأک_چئنە_کاریار ڤربينچڠن ڤربينچڠن_ڤڠݢونا ڤڠݢونا کاربر کارمرزۆک
کارمرزۆک_ئی_گپ کارن کارور کارور_گپ کارونکی کارگير کارگيرˇ_گب کاریار کَتھ گب
گل_بات گپ گپ_کاربر ڳالھ_مہاڑ ܡܡܠܠܐ ܡܡܠܠܐ_ܕܡܦܠܚܢܐ ܡܡܠܠܐ_ܕܡܬܚܫܚܢܐ ܡܦܠܚܢܐ ܡܬܚܫܚܢܐ
މެމްބަރު މެމްބަރުގެ_ވާހަކަ ޚިޔާލު ߟߊߓߊ߯ߙߟߊ ߟߊߓߊ߯ߙߟߊ_ߟߊ߫_ߢߊߝߐߞߣߍ ߢߊߝߐߞߣߍ अवयव
अवयव_सम्भासित उपेगकर्तो उपेगकर्तो_चर्चा कुरणि खँलाबँला चर्चा छ्येलेमि
छ्येलेमि_खँलाबँला प्रयोगकर्ता प्रयोगकर्ता_कुरणि प्रयोगकर्ता_वार्ता बहज़ बातचीत
यूजर यूजर_बातचीत योजकः योजकसंभाषणं योजकसम्भाषणम् रुक्न रुक्न_बहज़ वापरपी
वापरपी_चर्चा वार्ता वार्तालाप संभाषणं सदस्य सदस्य_चर्चा सदस्य_वार्ता सदस्यः
सदस्यसम्भाषणम् सम्भाषणम् सम्भासित আতাকুরা আতাকুরার_য়্যারী আলাপ বার্তা বাৰ্তা
ব্যবহারকারী ব্যবহারকারী_আলাপ য়্যারী সদস্য সদস্য_বার্তা সদস্য_বাৰ্তা ਗੱਲ-ਬਾਤ
ਚਰਚਾ ਮੈਂਬਰ ਮੈਂਬਰ_ਚਰਚਾ ਵਰਤੋਂਕਾਰ ਵਰਤੋਂਕਾਰ_ਗੱਲ-ਬਾਤ ਵਰਤੌਂਕਾਰ ਵਰਤੌਂਕਾਰ_ਗੱਲ-ਬਾਤ ચર્ચા
સભ્ય સભ્યની_ચર્ચા ଆଲୋଚନା ବ୍ୟବହାରକାରି ବ୍ୟବହାରକାରିଁକ_ଆଲୋଚନା ବ୍ୟବହାରକାରୀ
ବ୍ୟବହାରକାରୀଙ୍କ_ଆଲୋଚନା ବ୍ୟବାହାରକାରୀ ବ୍ୟବାହାରକାରୀଙ୍କ_ଆଲୋଚନା பயனர் பயனர்_பேச்சு
பேச்சு చర్చ వాడుకరి వాడుకరి_చర్చ సభ్యుడు సభ్యునిపై_చర్చ సభ్యులపై_చర్చ సభ్యులు
ಚರ್ಚೆಪುಟ ಪಾತೆರ ಬಳಕೆದಾರೆ ಬಳಕೆದಾರೆ_ಪಾತೆರ ಸದಸ್ಯ ಸದಸ್ಯರ_ಚರ್ಚೆಪುಟ അംഗം
അംഗങ്ങളുടെ_സംവാദം ഉ ഉപയോക്താവിന്റെ_സംവാദം ഉപയോക്താവ് ഉസം സം സംവാദം පරිශීලක
පරිශීලක_සාකච්ඡාව සාකච්ඡාව คุยกับผู้ใช้ ผู้ใช้ พูดคุย ຜູ້ໃຊ້ ສົນທະນາ
ສົນທະນາຂອງຜູ້ໃຊ້ ကေားသုင်ꩻသား ကေားသုင်ꩻသား_အိုင်ကိုမ်ဒေါ့ꩻရီ ဆွေးနွေးချက် ညးလွပ်
ညးလွပ်_ဓရီုကျာ ဓရီုကျာ အသုံးပြုသူ အသုံးပြုသူ_ဆွေးနွေးချက် အိုင်ကိုမ်ဒေါ့ꩻရီ
ဢုပ်ႇၵုမ် ဢုပ်ႇၵုမ်_ၽူႈၸႂ်ႉတိုဝ်း ၽူႈၸႂ်ႉတိုဝ်း განხილვა მომხმარებელი
მომხმარებელი_განხილვა მომხმარებლის_განხილვა მონაწილე მონაწილის_განხილვა ምይይጥ
ምይይጥ_ተጠቃሚ ምይይጥ_ተጠቃሚት ተጠቃሚ ተጠቃሚ_ምይይጥ ተጠቃሚት አባል አባል_ውይይት ውይይት ការពិភាក្សា
ការពិភាក្សារបស់អ្នកប្រើប្រាស់ ពិភាក្សា អ្នកប្រើប្រាស់ អ្នកប្រើប្រាស់-ពិភាក្សា
ᨹᩪ᩶ᨩᩲ᩶ ᩋᩪ᩶ᨠᩢ᩠ᨷᨹᩪ᩶ᨩᩲ᩶ ᩋᩪ᩶ᨧᩣ ᱜᱟᱞᱢᱟᱨᱟᱣ ᱵᱮᱵᱷᱟᱨᱤᱭᱟᱹ ᱵᱮᱵᱷᱟᱨᱤᱭᱟᱹ_ᱜᱟᱞᱢᱟᱨᱟᱣ ọ'bànifé
ọbanife ọ̀rọ̀ ọ̀rọ̀_oníṣe トーク ノート 使用者 使用者对话 使用者對話 使用者討論 使用者讨论 傾偈 利用者 利用者‐会話
利用者・トーク 对话 對話 用戶 用戶_對話 用戶_討論 用戶・談詑 用戶傾偈 用戶對話 用戶討論 用戶談詑 用户 用户_对话 用户_讨论 用户对话 用户讨论
用户谈詑 討論 談詑 讨论 谈詑 ꠛꠦꠛꠀꠞꠈꠣꠞ꠆ꠞꠣ ꠛꠦꠛꠀꠞꠈꠣꠞ꠆ꠞꠣꠞ_ꠝꠣꠔ ꠝꠣꠔ ꯁꯤꯖꯤꯟꯅꯔꯤꯕ ꯁꯤꯖꯤꯟꯅꯔꯤꯕ_ꯋꯥ_ꯍꯥꯏꯐꯝ
ꯋꯥ_ꯍꯥꯏꯐꯝ 사용자 사용자토론 토론 𐌽𐌹𐌿𐍄𐌰𐌽𐌳𐌹𐍃_𐌲𐌰𐍅𐌰𐌿𐍂𐌳𐌾𐌰 𐌽𐌹𐌿𐍄𐌰𐌽𐌳𐍃
""".split()
)
"""Namespaces of people and of talk."""

SEARCH: Final = frozenset(
    """
aneyara ara arama arriscedi axtar bilatu bilnga buka busca buscar cari ceet
cerca cercar chache chercher cweri cîr căutare cıgeyre ectä fikarohana fittex
fouye gelintar golek golèk gueta haku hanapon hledani hledání huli hwilas
hľadanie iskanje i̇zdew i̇zlew karoka keresés klask kërkim kërko leit leita
lolohe lêgerîn maghanap maskay mirar mita nəve otsi otsimine oza paieška
pancarian panggagaian pangita pencarian pesquisa pesquisar pretraga pretraži
procurar pytać pytaś quaerere recerca recercar recherche rechercher rechèrche
rechèrchiér recèrca ricerca ricercje riçerca search serca serchar serĉi sichen
soek suche suech suk suku sungsi sykje szukaj sök söke söök sööke søgning søk
tafuta tlatēmōz traži trova tìm_kiếm uffgucke zeuke zeuken zircha zoeken çerca
αναζήτηση агурын аҧшаара аԥшаара барај вешендема вешнемс гляданя излеу исканиѥ
кычалмаш көрдөөһүн лахаp лахар поиск пошук претражи търсене хъирщи эзләү эҙләү
іздеу ҷустуҷӯ որոնել זוכן חיפוש آختار بحث تدوير تلاش جستجو ىزدەۋ پئی_جوٙری پلټنه
گردگ گشتین گەڕان ڳولا ܒܨܝܐ ހޯއްދަވާ अन्वेषणम् खोज खोजें शोध शोधा অনুসন্ধান
সন্ধান ਖੋਜੋ શોધ ଖୋଜନ୍ତୁ అన్వేషణ അന്വേഷണം ගවේෂණය ค้นหา ຊອກຫາ ဂၠာဲ ထိုမ်ႏ
ရှာဖွေရန် သွၵ်ႈႁႃ ძიება ស្វែងរក 尋 尋討 搜尋 搜索 検索 검색 찾기
""".split()
)
"""Names of the one special page that may be recorded."""
