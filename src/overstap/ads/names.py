"""Words that tell a contact's name from other capitalised words: common first names, and words that are never names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, which are separated by white space."""
    return frozenset(text.split())


@cache
def first_names() -> dict[str, bool]:
    """Common first names in lower case, our own and those of `reference/data/first_names.csv`; whether one that stands
    alone is taken for a name."""
    text = files("overstap.reference").joinpath("data/first_names.csv").read_text(encoding="utf-8")
    rows = (row.split(",") for row in text.split("\n")[1:-1])
    return {name: alone == "1" for name, alone in rows} | dict.fromkeys(_COMMON, True)


# In the Netherlands, Flanders, the United Kingdom and Germany; those of people who came there from elsewhere too.
_COMMON = word_set(
    """
    aad aafke abdel abdul abigail achmed adam adriaan adrian adrie agnes ahmed aisha alan albert alejandro alex
    alexander alexandra alfred ali alice alicia alina alison allan amanda amber amelie amina amir amy ana anders andre
    andrea andreas andrew andries andy anita anja anjali anke ankie ann anna anne anneke annelies annemarie annemieke
    annet annette annick annie anouk ans anthony antje anton antoine antonio antoon april arie arjan arjen arnold arno
    arnoud arthur ashley astrid audrey axel aylin ayse barbara barry bart bas bastiaan beatrice beatrix ben benjamin
    benny bernadette bernard bernd bert bertus beth bianca bill björn bob bonnie boris bram brandon brenda brian
    brigitte britt bruno bryan calvin cameron carla carlijn carlo carlos carmen carol carola caroline carolien carolyn
    casper catherine cathy cecile cees charles charlotte chantal chloe chris christa christel christian christiaan
    christina christine christopher cindy claire clara claudia colin coen conny cor corine corinne cornelis craig
    cynthia daan dagmar daisy damian dan daniel danielle danique danny daphne darren dave david debbie deborah demi
    denise dennis derek desiree diana diane dick diederik dieter dimitri dirk dominique donald donna doris dorien
    dorothy douglas dylan eddy edith edward edwin eef ela eleanor elena eline elise elisa elizabeth elisabeth ella
    ellen elke els elsa elsbeth emil emily emma emmanuel eric erica erik erika ernst erwin esmee esther ethan eva
    evelien eveline evelyn ewout fabian fatima fatma femke fenna ferdinand fernando fiona fleur floor floris frances
    francesca francis francisco francois frank frans fred freddy frederik frits gabriel gabriella gareth gary geert
    geertje gemma george georgina gerald gerard gerben gerda gerrit gertjan gert giel gijs gillian gina giovanni
    gloria gordon grace graham greg greet greta guido gunter gustav guus guy hamza hana hannah hanna hanneke hans harm
    harold harriet harry hassan heather hedwig heidi heike heinz helen helena helene helga hendrik henk henny henri
    henriette henry herman hetty hilde hilda holger hubert hugo hussein iain ian ibrahim ilona ilse imke imran inge
    ingeborg ingrid irene iris irma isa isabel isabelle isabella ivan ivo jaap jack jackie jacob jacqueline jacques
    jade jake jakob james jamie jan jana jane janet janice janine janna janneke jans jantine jasmijn jasmine jason
    jasper jay jayden jean jeanette jeanine jeff jeffrey jelle jelmer jennifer jenny jens jeremy jeroen jerome jerry
    jesper jesse jessica jet jette jill jim jip jo joan joanna joanne job jochem joel joep joeri johan johann johanna
    johannes john johnny jolanda jolien jonas jonathan joost joop jordan jordy joris jorrit jos jose josef joseph
    josephine joshua josje joyce juan judith juergen jules julia julian julie juliette justin jürgen kaitlyn karel
    karen karim karin karina karl karlijn karolien kasper kate kathleen kathryn kathy katie katja katrin katrien kay
    kees keith kelly ken kenneth kerry kevin khalid kim kimberly kirsten kirsty klaas klaus koen koos kristel kristin
    kristina kristof kurt kyle lars laura lauren laurens lea leah lee leen leendert leila lena lennart leo leon leonie
    leonard leonardo leslie lesley levi lex lia lies liesbeth lieke lien liesje lilian lily lina linda lindsay lisa
    lisanne lisette liz lize loes lonneke lore lorraine lotte lou louis louisa louise luc luca lucas lucia lucy luis
    luke luuk lydia lynn maaike maarten maartje madelon magda malcolm manon manuel manuela marc marcel marco marcus
    marga margaret margreet margriet maria mariam marian marianne marie marieke mariëlle marielle marijke marijn
    marike marina mario marion marit mariska marja marjan marjo marjolein marjolijn mark marko marleen marlies marlon
    marloes marnix marta martha martijn martin martina martine mary maryam mathilde mathijs mats matt matthew matthias
    matthijs maud maureen maurice maurits max maya meike meindert melanie melissa melvin menno merel merijn mia
    michael michaela micha michel michele michelle michiel mick mieke miep miguel mike mila milan milou minke mira
    miranda miriam mirjam mirte mitchell mohamed mohammed mohammad moira monica monika monique muhammad murat mustafa
    myrna nadia nadine nancy naomi natalia natalie natasja nathalie nathan neil nelleke nick nico nicola nicolas
    nicole nicolette niek niels nigel nikki nils nina noa noah noel noor nora norbert oliver olga olivia omar onno
    oscar oskar otto owen pam pamela pascal pascale pat patricia patrick patrik paul paula pauline paulien pedro peggy
    penny perry peter petra philip philippe phoebe piet pieter pim pleun priscilla priya quinten rachael rachel rachid
    rafael ralf ralph ramon raymond rebecca reinier reinout remco rene renee renate renske rens rené renée rhona ria
    riccardo richard rick rico rik rita rob robbert robbie robert roberto robin rodney roel roeland roelof roger
    roland rolf roman ron ronald ronny roos rosa rosalie rosanne rose rosemary ross roy ruben rudi rudolf rudy rui
    rupert russell ruth ruud ryan saar sabine sabrina sacha said sally salma sam samantha samir samuel sander sandra
    sanja sanne sara sarah sascha saskia scott sean sebastiaan sebastian selma serge sergio shannon sharon shaun
    sheila shirley siem siemen sietske sigrid silke silvia simon simone sjoerd sjors sofia sofie sonja sophie soraya
    stan stefan stefanie stella stephan stephanie stephen steve steven stijn stuart sue suraj susan susanne suzan
    suzanne svetlana sven swen sybren sylvia sylvie tamar tamara tania tanja tara tatiana ted teresa terry tess tessa
    teun teunis theo theresa thijmen thijs thomas tim timo timothy tina tine tineke tjeerd tobias tom tomas ton tony
    toon tracey tracy trevor trudy truus twan tycho tyler ulrich ulrike ursula uwe valerie vanessa vera veerle
    veronica veronique victor victoria vincent viola virginia vivian vivienne wanda wayne wendy wes wesley wessel
    wiebe wies wil wilbert wilco wilfred wilhelm will willeke willem willemien william wilma wim wolfgang wouter yara
    yasmin yasmine yolanda yusuf yvette yvonne zoe zoë
    aaron adele aisling alessandro aleksandra alexia alistair alyssa andreea angela angelina angelique angus anneloes
    annelieke anniek annika antonia arnaud babette beata becky belinda bernice beverley brechtje brendan bridget bryony
    callum camille catarina cathryn celine charlene cheryl chloë clare clive corien damien deirdre delia derek dominic
    duncan eileen elaine eleonora elly emanuel emre erwan esra eugene fabienne faye fleurtje floortje francine freek
    frits gemma geraldine gilles glenn gwen hayley hazel heleen hennie hilary hilde howard hugh ilja ines iona irina
    isobel ivana ivar jacob jacqui jamal jamila janice jarno jasmina jeannette jeannine jenna jeremie jet jochen jodie
    joke jolijn jonna jorg josephien joy julien jurgen jurjen justine karlien katarzyna katherine kathrine katie katy
    katya keira kelvin kerstin kieran kirsty larissa laszlo leanne lenny leontien lianne lilly linsey lorna louisa
    louis lukas luna lynda lynette lynne maarten mandy marcella marcin margo marja marlene marlijn marlou marsha
    mathieu melissa merle mette michal michelle mirella morgan myriam nadja nienke nigel nikita noortje norah norman
    oliver olivier orla patty pawel petr phoebe pieter-jan quirine rachelle raoul raymond reza rhys rianne robbin
    roelien rogier romy rosalind roxanne ryanne sadia saida samira sanna sara-jane serena shirin sian sietse silvie
    sinead sofie sonia soumaya steffen stephane stephen suzanna sybille tabitha taco tamsin tessa thea thom tiffany
    tijmen tijs tomasz toby tristan ulla ursel verena vicky vikki viktor vincenzo virginie wilfried willemijn wouter
    xander yannick yasemin yvon zara zeynep zuzana
    birgit anaïs anand matteo myrthe putu silke margriet jolien hiske folkert elif selin nils kadir naima tobias hetty
    ton
    mitchell zohra carolien leo wybren roos joke younes stijn casper gerben omar eva sophie edward grace nicole hélène
    teun
    agnieszka amelia annemiek annemiet bayu hasan sunil dagny elise-marie elodie geert-jan gijsbert gosia hessel jetty
    jitte jorinde kirsten-marie lidewij lieke liesbeth liset lobke machteld mariet marloes-anne mayke meike nelleke noël
    olga pim pleun rens rik rolf ronja saar sari seb sem sep siebe silvana tamira tije veronika wijnand yentl yoni zus
    abderrazak anwar babak cihan deepak emir fadi ganesh hakim hossein jawad kavita khaled kishan laila lakshmi manoj
    meera
    mohsen nadeem nasrin neha nikhil parisa pieternel prakash pranav rahul reinaldo rohan samir sandeep sarah-jane
    shivani
    simran swati tamer tejas thanh tuan vikram vishal wei xin yan ying yuki zhang-li abena kofi kwame chidi ngozi amara
    abderrahim adil ahmet aida aleksander alex-jan alicja amal amin amine amira amrit anil anouar anoushka
    aram ariane arif arun asha ashok aya ayoub aziz bahar baran berat beyza bilal burak catalina cem ceren cheyenne
    dewi deniz dilan dina dounia driss ebru elif emine eren erkan eva-maria ewa fadoua faisal farah farid fatih ferhat
    filip furkan gabriela gamze ghizlane gülay gülşah gürkan hadewych hafid hakan halil halima hamid hanane hatice
    hidde houda ibrahima idris ikram imane ina iwona jadwiga jaap-jan jan-kees jan-willem jana jarek jaroslaw joanna
    jolanta jurriaan justyna kaan kadir kamal kareem karim karolina kasia kaya khadija khalid kim-anh krystyna krzysztof
    lamyae latifa layla leyla liam liem linh lina lisanne loubna lucas ludo lukasz maciej magda magdalena malgorzata
    malika marcel-jan marcin mariam mariusz marouane marta marwan mateusz mehmet melek meryem mia mila milan mina
    miriam mo mohamed mohammed monika mounir mourad murat mustafa mustapha nabil nadir naima najat najib naoual nasir
    natalia navin nawal nazli nazan nguyen-anh nisha noah nora nour noura noor nouria nuray nur okan omar onno orhan
    osman
    oussama ozan özlem paulina pooja pravin priya rachida rajesh rania rasheed rashid ravi rayan redouan rkia roshni
    rukiye sabri said salim salma sami sanjay santosh sara saskia-maria selin selma semra serdar serkan sevda shanti
    siham sinan sławomir soufiane souad stanislaw sumeyye sunita tarik tariq tuncay ugur umut usha veysel vijay wahid
    wassim wiktoria wojciech yassin yassine yassir younes youssef yousra yunus zahra zainab zakaria zehra zineb ziggy
    aidan aiden alfie archie ava beatrice bethan brooke caitlin callie carys chelsea connor darcy declan dominik eilidh
    eleri ellie elliot ewan fergus finlay fiona freya georgia gethin grainne harvey imogen isla jodi kayleigh keeley
    kiera kieron lachlan lewis logan lola maisie maeve mason megan mollie molly niamh niall owen poppy reece riley
    rosie rowan ruairi ryan saoirse scarlett siobhan sophia tegan theodore tilly toby zac zach zachary
    afke aldert alwin anneke-marie arend auke baukje berber boudewijn broer carst douwe durk eelco eelke ebe fedde fokke
    folkert foppe froukje gerlof gerrie geesje gineke gosse grietje gryt harmen harmke hedzer heleen-marije hielke
    hilbert
    hiltje hinke hotze hylke ids ieke ilona-maria ineke jacobien jelte jentsje jildou jitske jitse joeke jorrit
    jurre klaas klaas-jan koos lammert lieuwe lolke luit lutske maaike marrit menno meindert minke mink murk nynke oane
    oene oebele pier popke pytrik reinder reinou rein renske ritske rixt rients roelof roelfien rommert sake sape
    sieger sierd sipke sjoukje tamme teake tetske tineke-maria titia tjalling tjerk tjitske trijntje wiebren wietske
    wobbe
    wytse ype yme ytsje
    """
)

# Kinds of organisation: such a word is no part of a contact's name, and may end that of a firm.
_ORGANISATIONS = word_set(
    """
    waterschap provincie ministerie hogeschool politie rijkswaterstaat notaris restaurant café
    garage autobedrijf drukkerij kwekerij apotheek praktijk beheer installatie retail
    vastgoed verzekeringen verzekering administratie administratiekantoor architecten ingenieurs bouwbedrijf technics
    catering horeca kinderopvang thuiszorg rechtbank bibliotheek museum theater makelaardij
    assurantiën advocatuur accountancy hotels pharma chemie metaal staal hout
    infra energie energy logistiek stores store shop winkel supermarkt
    supermarkten fashion optiek juwelier tandartspraktijk huisartsenpraktijk fysiotherapie revalidatie university
    hospital council trust school schools academy systems technologies
    """
)

# Words that are written with a capital in ads and are never (part of) a contact's name. In lower case.
NOT_NAMES = _ORGANISATIONS | word_set(
    """
    a aan about acquisitie additional address adres advies adviseur afdeling afdelingshoofd afdelingsmanager agency ai
    all an analist analyse and any app applicants application applications apply april are arbeidsmarkt associate as
    at augustus august bedrijf bel bellen bent bij board bureau business call campus candidate candidates care career
    careers centre center centrum chief cio city client clients clinical coach collega commercieel community company
    consultant consultancy consultants contact corporate council coördinator coordinator customer customers
    customerservice cto cv data de december dedicated den department deputy dev developer developers development
    dienst digital directeur director directie directors division doctor docent dit download dr duurzame e een eerste
    e-mail email emergency engineer engineering engineers english enterprise europe european external facilities
    facility faculteit family februari february finance financial for foundation fonds front frontoffice function
    functie general gemeente gerust global google graduate graag group groep gp growth head health healthcare heb help
    helpdesk het hiring home hoofd hoogleraar hospital hotel house hr hrm hospitals human ict in informatica
    informatie information infra innovation institute instituut insurance integrated internal international internet
    is it jan-feb januari january je jij job jobs jou juli july juni june klant klanten klantenservice klik kom lab
    laboratory lead leader learning leads legal like limited line linkedin local logistics maandag maart maak mail
    management manager managers managing mannen march marketing may me medewerker media medical meer mei met microsoft
    mij mobile monday more motivatie my na naar nederland nederlands nederlandse neem netherlands new nhs north no
    note november nu nummer nurse nurses nursing of officer office on onderzoek ons onze oktober october online op
    operational operations opleiding organisatie organisation or our overheid p&o partner partners people
    personeelszaken personnel phone planning please polikliniek portal practice practitioner primary procurement
    product professional professor programme project projectleider public purchasing quality question questions
    receptie reception recruiter recruiters recruitment recruiting recruitmentteam region regio registered request
    research researcher resources retail room royal sales school science sciences secretaresse secretariaat section
    sector security selection selectie senior september server service services servicedesk shared sister software
    solicitor sollicitatie sollicitatieprocedure sollicitaties solliciteer solutions south specialist staff
    stakeholders start station stel students studenten stuur supervisor supply support surgery system systems talent
    talentacquisition team teamleider teamlead teammanager teams technical technisch technology tel telephone telefoon
    telefonisch the their them then this to trade training trust uitzendbureau uk united universiteit university unit
    us usa user utrecht vacature vacatures via village visit voor vragen vrijdag wal wales ward we web website weet
    wellbeing werken werkgever werving west what whatsapp wij wil with work workforce world you your zaterdag
    ziekenhuis zie zoals zodat zondag zorg zorggroep amsterdam rotterdam haag eindhoven tilburg groningen almere breda
    nijmegen apeldoorn arnhem haarlem enschede amersfoort zaandam hertogenbosch bosch zwolle zoetermeer leeuwarden
    leiden maastricht dordrecht ede alphen delft emmen venlo deventer helmond hilversum amstelveen hengelo roosendaal
    purmerend schiedam lelystad hoorn gouda vlaardingen assen veenendaal zeist nieuwegein roermond middelburg
    terneuzen vlissingen wageningen brabant zeeland limburg gelderland overijssel drenthe friesland flevoland randstad
    brussel brussels antwerpen antwerp gent leuven brugge hasselt vlaanderen belgie belgië london manchester
    birmingham leeds liverpool sheffield bristol oxford cambridge nottingham leicester cardiff edinburgh glasgow
    belfast dublin berlin münchen munich hamburg köln frankfurt paris madrid york boston chicago texas california
    germany duitsland scotland ireland england france spain dutch french german nederlandstalige let join send use see
    read discover meet do does can if when how why wait check follow assistant therapist surgeon psychologist matron
    occupational counselling intern acquisition advisor scientist controller buyer accountant architect administrator
    secretary locum border forensic trainee apprentice titel title naam name acme accenture adecco asml deloitte hays
    ing kpmg manpower philips pwc rabobank shell tempo-team unilever yacht azure java python excel sap oracle
    kubernetes docker react agile scrum sql salesforce windows linux vice president valley arts market street road leone
    patient patients rehabilitation medicine therapy therapies safety guardian breast cardiac chronic adult adults
    programmes improvement safeguarding complex manufacturing computing physics radiographer trainer psychological
    methods excellence change speech language behaviour handling screening audit nursery maternity surgery paediatric
    theatre theatres outpatient inpatient community mental disability disabilities learning emergency acute intensive
    critical pathway pathways assistant administration payroll warehouse production maintenance operators
    vraag spreek stuur mail app spreken give drop ring text write phone ask speak talk leidinggevende ik
    vakgroepcoach vakgroep chapterlead superintendent raadpleeg laat peninsula capital staffing temporary ccg trustwide
    prevention control analysis
    """
)

# Places of NOT_NAMES that are surnames behind a given name and "van": "Anna van Leiden".
TOWNS = word_set(
    """
    amsterdam rotterdam haag eindhoven tilburg groningen almere breda nijmegen apeldoorn arnhem haarlem enschede
    amersfoort zwolle leiden maastricht dordrecht ede alphen delft emmen venlo deventer helmond hilversum hengelo gouda
    assen zeist middelburg wageningen brabant zeeland limburg gelderland drenthe friesland vlaanderen gent brugge
    antwerpen hasselt utrecht holland hoorn
    """
)

# Endings of words that are organisations or functions, not surnames: 'Zorggroep', 'Belastingdienst', 'Salesmanager'.
NOT_NAME_ENDINGS = (
    "groep", "dienst", "manager", "recruiter", "recruitment", "directeur", "leider", "adviseur", "consultant",
    "specialist", "medewerker", "centrum", "ziekenhuis", "school", "afdeling", "software", "solutions", "systems",
    "services", "technologies", "coördinator", "coordinator", "consultancy", "engineering", "ontwikkelaar",
    "beheerder", "verpleegkundige", "eigenaar", "team", "bureau", "ologist", "ology", "therapist", "ician", "loog",
    "logie", "iatrist", "analyst", "scientist", "architect", "engineer", "developer", "bank", "gemeente",
    "universiteit", "college", "stichting", "raad", "techniek", "accountants", "advocaten", "notarissen", "makelaars",
    "installaties", "transport", "logistiek", "logistics", "bouw", "slagerij", "bakkerij", "uitzendgroep", "holding",
    "advisory", "consulting", "partners", "industries",
    "zorg", "capital", "schoonmaak", "detachering", "solicitors", "techniques",
)  # fmt: skip
COMPANY_ENDS = _ORGANISATIONS | word_set(
    """
    b.v. bv bv. n.v. nv nv. gmbh ltd ltd. limited inc inc. llc plc plc. ag s.a. sa vof v.o.f. & group groep holding
    nederland techniek accountants advocaten notarissen makelaars installaties installatietechniek transport
    logistiek logistics
    
    bouw slagerij bakkerij uitzendgroep uitzendbureau consultancy consulting advies advisory partners industries
    schoonmaak detachering solicitors solutions services techniques engineering zorg foods associates
    """
)

# Before a name: what stands there is a place, a body or a building ("in Santa Clara", "the Robert Ogden Centre"), not a
# person, unless a sign of contact says so. The same of what stands behind one ("James Cook Road").
BODY_BEFORE = word_set(
    "the het at bij in naar near st st. sint saint san los las stichting voor for @ university college"
)
THINGS = word_set("the het a an een of")  # before words that are no name: "report to the Proof Group"
LINKS = word_set("met via aan door to with by contact call bel mail is ask naar wordt be reach")  # before a name
PLACE_BEHIND = word_set(
    """
    road street lane drive avenue court close park lodge gardens square house ward unit centre center clinic hospice
    building buildings wing lecture award prize foundation institute library stadium airport station college primary
    infirmary partnership fund method model theorem lab labs laboratory hospitals ziekenhuis kliniek huis lyceum
    instituut fonds fabriek museum kazerne plein straat laan hall tower campus airport way place terrace crescent
    kliniek prijs leerstoel methode academie gebouw
    """
)
