"""Names in Latin letters as they occur in Macau, and words that look like them and are not.

In:    nothing; these are lists.
Out:   `GIVEN`, `FAMILY`, `VIETNAMESE`, `PARTICLES`, `TITLES`, `OFFICES`, `TITLES_BEHIND`, `ROLES`, `CLOSINGS`,
       `WORDS`, `PLACES`, `MAKES_PLACE`, `BEFORE_PLACES`.
Never: a list of people. Cantonese surnames are in `recognizers.han_name_lists`, beside the characters they spell.

Written by hand, without accents and in lower case; texts are compared after `fold`. Portuguese and Macanese names, the
given names that Chinese in Macau and Hong Kong take, and those of the largest groups of workers from abroad.
"""

_GIVEN = """
abel abilio adalberto adao adelaide adelia adelino adriana adriano afonso agostinho aida albano alberto albertina
alda aldina alexandra alexandre alexandrina alfredo alice alvaro alzira amadeu amalia amandio amelia america americo
ana anabela andre andreia angela angelica angelina angelo anibal antonia antonieta antonio armando armindo arnaldo
artur augusta augusto aurea aurelio aurora barbara beatriz belmira benedita benjamim bento bernardo bernardino
branca bruna bruno caetano camila carina carla carlos carlota carmen carolina catarina cecilia celeste celestino
celia celina cesar clara clarisse claudia claudio conceicao constanca constantino cristiana cristiano cristina
custodio damiao daniel daniela david debora delfim delfina deolinda dina dinis diogo domingos dora duarte dulce
eduarda eduardo elena elisa elisabete elsa elvira ema emilia emilio ermelinda ernesto esmeralda estela ester estevao
eugenia eugenio eurico eva evaristo fabio fatima felicidade feliciano felipe felisberto fernanda fernando fernao
filipa filipe filomena firmino flavia flavio florbela florencio florinda francisca francisco frederica frederico
gabriel gabriela gaspar georgina geraldo gertrudes gil gilberto gloria goncalo graca graciete gregorio guida
guilherme guilhermina guiomar gustavo helder helena helia henrique henriqueta herculano herminia hermenegildo
horacio hortense hugo humberto ilda ilidio ines inocencio irene iria isabel isaura ivo ivone jacinta jacinto jaime
januario jeronimo joana joao joaquim joaquina jorge jose josefa josefina judite julia juliana juliao julieta julio
laura laurentina laurinda leandro leonel leonilde leonor leopoldo leticia lidia ligia lilia lina lino liliana lisete
lopo lourdes lourenco lucas lucia luciana luciano lucilia ludovico luis luisa luiz luzia madalena mafalda manuel
manuela marcelino marcelo marcia marcio marco marcos margarida maria mariana mariano marilia marina mario marisa
marta martim martinho mateus matilde mauricio mauro mercedes miguel milena mirian moises monica natalia natercia
nazare nelson noemia norberto nuno octavio odete olga olimpia olinda orlando oscar osvaldo palmira pascoal patricia
paula paulina paulino paulo pedro piedade plinio porfirio quirino quiteria rafael rafaela raimundo ramiro raquel
raul rebeca regina reinaldo renata renato ricardo rita roberto rodolfo rodrigo rogerio romana romao romeu rosa
rosalina rosaria rosario rui rute salvador samuel sandra santiago sara sebastiao serafim sergio severino silvana
silverio silvestre silvia silvina silvio simao simone sofia solange sonia susana tania telma teodoro teresa tereza
teresinha tiago timoteo tomas tome ursula valdemar valentim valentina valeria vanda vanessa vasco vera veronica
vicente victor vitor victoria vitoria virgilio virginia vitorino zacarias zelia zita zulmira aaron abby abigail ada
adam adrian adrienne agnes aidan alan alastair albert alex alexander alexis alfred alicia alison allen alvin amanda
amber amy andrea andrew andy angel angie angus anita ann anna annabel anne annette annie anson anthony antony arnold
arthur ashley aubrey audrey barry beatrice becky belinda ben benedict benjamin bernadette bernard bernice bertha
beth betty bill billy bob bobby bonnie brad bradley brandon brenda brendan brian bridget bruce bryan byron caleb
calvin cameron candice candy carl carlo carol caroline carrie carson cary casey catherine cathy cecil celine charis
charlene charles charlie charlotte chelsea cherry cheryl chloe chris christian christina christine christopher
christy cindy claire clarence claude clement cliff clifford clive colin connie conrad corinne craig crystal curtis
cynthia cyrus daisy damon dana danny daphne darren dave dawn dean debbie deborah deirdre dennis denise derek derrick
desmond diana diane dick dominic don donald donna doreen doris dorothy douglas duncan dylan earl eddie eddy edgar
edison edith edmond edmund edward edwin eileen elaine eleanor eli elizabeth ella ellen ellie elliot elsie elton
elvis emily emma eric erica erin ernest esther ethan eugene eunice evan evelyn ezra fanny felicia felix fiona flora
florence frances francis frank franklin fred freda freddy frederick gareth gary gavin gemma geoff geoffrey george
georgia gerald gerard gigi gilbert gillian gina ginny giselle gladys glen glenn gordon grace graham grant greg
gregory gwen hailey hannah harold harriet harrison harry harvey hayden hazel heather hector heidi helen henry
herbert herman hilary hilda horace howard hubert hugh hughes ian ida ignatius iris isaac isabella isabelle isaiah
ivan ivy jack jackie jackson jacky jacob jacqueline jake james jamie jane janet janice jared jasmine jason jay jean
jeff jeffrey jennifer jenny jeremy jerome jerry jess jesse jessica jessie jill jim jimmy jo joan joanna joanne
jocelyn jodie joe joel joey john johnny johnson jonathan jordan joseph josephine joshua joyce juan judith judy
julian julie juliet julius june justin justine karen karl kate katherine kathleen kathryn kathy katie kay keith
kelly kelvin ken kendrick kenneth kenny kent kevin kim kimberly kirk kitty kris kristen kurt kyle lance larry lauren
laurence lawrence leah lena leo leon leonard leslie lester lewis liam lily linda lionel lisa liz lloyd logan lois
lorna lorraine louis louisa louise lucy luke lydia lynn mabel maggie malcolm mandy marcus margaret marguerite marian
marianne marie marilyn marion marjorie mark martha martin mary mathew matt matthew maureen maurice max maxine megan
melanie melissa melody mia michael michele michelle mickey mike mildred miles miranda miriam moira molly morgan
morris moses muriel myra nadia nancy naomi natalie natasha nathan nathaniel neil nelly nicholas nick nicky nicola
nicolas nicole nigel nina noah noel nora norah norman oliver olivia oswald owen pamela pat patrick paul pauline
peggy penelope penny percy perry peter phil philip phillip phoebe phyllis polly priscilla queenie quentin quincy
rachel ralph ramona randolph randy raphael ray raymond rebecca reginald rene reuben rex rhoda richard rick ricky rob
robbie robert robin rocky rod roderick roger roland ron ronald ronnie rory rosanna rose rosemary rosie ross rowena
roy ruby rudolf rupert russell ruth ryan sabrina sally sam samantha samson sandy sarah scott sean sebastian selina
serena shane shannon sharon shaun sheila shelley sherman sherry shirley sidney silas simon sonny sophia sophie
spencer stacey stacy stanley stella stephanie stephen steve steven stewart stuart sue susan susanna suzanne sybil
sydney sylvia tammy tara ted teddy terence terry tess thelma theodore theresa thomas tiffany tim timmy timothy tina
tobias toby tom tommy toni tony tracy travis trevor tristan trudy tyler valerie vernon vicky vincent viola violet
vivian vivien wallace walter wanda warren wayne wendy wesley whitney wilfred william willie willis wilma wilson
winifred winnie winston xavier yolanda yvette yvonne zachary zara zoe jamal mohamed mohammed muhammad ahmed ali omar
hassan fatimah ivana igor dmitri natalya svetlana yuki kenji hiroshi aileen alma amelita angelito aquilino arlene
arnel arsenio aurelia benigno benito bienvenido carmelita cesario corazon cristobal danilo divina edgardo editha
edna efren elmer emmanuel enrique erlinda ernestina erwin esteban estrella eusebio evangeline felicitas fidel
florante gerardo glenda guadalupe guillermo imelda ireneo isidro jayson jenelyn jerico jesus jhon joselito jovelyn
jovito juanita junior leonardo leonora liezl ligaya lolita lorena luz luzviminda manolito manuelito marcelina
maricel maricar maricris marilou marites marivic marlon maryjane melchor mercedita milagros myrna narciso nenita
nestor nilda norma pablo pacita pilar purificacion ramil ramon raymundo reynaldo rochelle rodel rogelio roldan romeo
romulo ronaldo ronel rosalie rosalinda rosemarie ruben rufino salvacion santos teodora teresita trinidad vilma
wilfredo zenaida jaypee jomar rizalyn aung aye hla hnin htun khin kyaw maung moe myint naing nyein phyo soe thein
thida thwin tun win zaw zin jennelyn jennylyn jonalyn analyn rosalyn mylene jhoana rhea agus ahmad andi anwar arif
ayu bambang budi cahya citra dedi desi devi dewi dian dwi eka eko endang erni fajar fitri hadi handoko hartono
hendra heru indah indra iwan joko kartika kartini lestari lilis maya mega mulyani nur nurul putri rahmat ratna retno
rini rizky rudi sari siti slamet sri sugeng suharti sulastri sumarni suparman supriyadi suryani susanti susi aarti
amit anil anjali arjun asha ashok bahadur bikash bimala bishnu deepa deepak dinesh durga ganesh gopal hari indira
kamala kiran krishna lakshmi laxmi mahesh manish meena mohan narayan nirmala prakash pramod prem priya puja rajan
rajesh rajiv rajendra raju ram ramesh ravi rekha sanjay santosh saraswati sita suman sunil sunita suraj suresh
sushila tika vijay vikram vinod sutrisno tri tuti umi utami wahyu wati wayan widya winarti wulan yanti yanto yati
yudi yuli yuliana yulianti
"""
GIVEN = frozenset(_GIVEN.split())
"""Given names: Portuguese; those that English knows; Filipino; of Myanmar, Nepal, India; Indonesian."""

_FAMILY = """
abreu afonso aguiar albuquerque alcantara alexandrino almeida alvares alves alvim amado amaral amorim anacleto
andrade anjos antunes aranha araujo arriaga assis assumpcao assuncao ataide azedo azevedo bacelar badaraco bandeira
baptista baptistas barata barbosa barros barreto barroso basto bastos batalha batista beirao belo bento bernardes
bettencourt boavida borges borja botelho braga braganca brandao brazao brito bruno cabral cabrita cachinho calado
caldas caldeira camacho camara camoes campos canavarro candido cardoso carion carmo carneiro carreira carrilho
carvalhal carvalho casimiro castel castelo castro cavaleiro cerqueira chagas chaves clemente coelho coimbra colaco
conceicao cordeiro correia corte cortez costa coutinho couto crespo crestejo cruz cunha damas dantas dias diniz
domingues duarte encarnacao espadinha espirito esteves estorninho estrela evaristo fao faria farinha fazenda felix
ferraz ferreira fialho figueira figueiredo fonseca fontes fortes fragoso franca franco freire freitas furtado galvao
gama garcia gaspar gois gomes goncalves gonzaga gouveia graca guedes guerra guerreiro guimaraes gutierrez henriques
hyndman inacio jacinto jesus jorge jordao lacerda lage leal leao leitao leite leitzinger lemos lima linhares lisboa
lobo lopes loureiro lourenco louro lucas luz macedo machado maciel madeira magalhaes maher maia malheiro manhao
marques martins mascarenhas matias matos mealha medeiros meira melo mendes mendonca menezes meneses mesquita
milhomens miranda moniz monteiro morais moreira mota moura mourato mourao nascimento nazareth negreiros neto neves
nobre nogueira nolasco noronha nunes oliveira osorio pacheco padilha pais paiva palmeira passos patricio paulo
pedroso pegado pereira peres perestrelo pessanha pessoa pestana pimenta pimentel pina pinheiro pinho pinto pires
piteira placido pombal ponte portela portugal prata prazeres proenca quadros queiroz queiros quental quintas
quintela rabelo ramalho ramos rangel raposo rebelo rego reis remedios resende ribeiro ribas rita robarts rocha
rodrigues rola rolo romano roque rosa rosario roza rufino sa sabino salgado salvado sales sampaio santana santos
saraiva sardinha sarmento sena senna sequeira serafim serra serrano serro silva silveira silvestre simoes siqueira
soares sobral sousa souza tavares teixeira teles telles tome torrao torres trigo trindade valadares vale valente
varela vargas vasconcelos vasques vaz veiga velho ventura vidal viegas vieira vilela vitorino viseu vizeu xavier
ximenes zagalo adams alexander allan allen anderson andrews armstrong arnold atkinson austin bailey baker ball
barker barnes bates bell bennett berry bishop black blake booth bradley brooks brown bryant burke burns burton
butler byrne campbell carpenter carr carroll carter chambers chapman clark clarke coleman collins cook cooper cox
crawford cunningham daly davidson davies davis dawson dean dixon doyle duffy duncan dunn edwards elliott ellis evans
ferguson fernandes fernandez fisher fitzgerald fleming fletcher foster fox francis fraser freeman gallagher gardner
gibson gill gordon graham grant gray green griffin griffiths hall hamilton harper harris harrison hart harvey
hawkins hayes henderson henry higgins hill hoffmann holmes hopkins howard howell hudson hughes hunt hunter jackson
james jenkins johnson johnston jones jordan kelly kennedy kerr khan king knight kumar lambert lawrence lawson lee
lewis lloyd long macdonald mackenzie marshall mason matthews mcdonald mckenzie meyer miller mills mitchell moore
morgan morris morrison muller murphy murray myers nelson newman nguyen nichols nicholson nielsen o'brien o'connor
o'neill obrien oconnor olsen owen palmer parker parsons patel patterson pearson perkins perry peters peterson
phillips pierce pope porter powell price quinn reed reid reynolds rice richards richardson riley roberts robertson
robinson rogers rose ross rossi russell ryan sanders saunders schmidt scott shaw sharma silver simmons simpson singh
smith snow spencer stephens stevens stevenson stewart stone sullivan sutton taylor thomas thompson thomson tucker
turner walker wallace walsh ward warren watkins watson webb weber welch wells west wheeler white williams williamson
wilson wood woods wright kowalski novak ivanov petrov smirnov tanaka suzuki yamamoto watanabe sato takahashi kim
park choi jung abad abella abrenica acosta agbayani aguilar aguinaldo alcaraz alonzo alvarez aquino bacani balagtas
ballesteros banaag basilio bautista belmonte bernardo bonifacio buenaventura bustamante caballero cabrera calderon
calma castaneda castillo catacutan cayabyab concepcion contreras cordero cruzado cuevas cunanan dacanay dagohoy
delacruz delgado delosreyes delrosario dimaculangan dizon dominguez dumlao enriquez escobar espinosa espiritu
estrada evangelista fajardo feliciano flores fuentes galang gallardo gatchalian gatdula gonzales gonzalez guerrero
guevara guzman hernandez herrera ignacio javier jimenez joaquin lacson lagman lazaro legaspi liwanag locsin lopez
lozano lualhati luna macaraeg macapagal magbanua magsaysay malabanan malonzo manalastas manalo mangubat manzano
marasigan marcelo mariano marquez martinez medina mendoza mercado molina montemayor morales munoz natividad navarro
nepomuceno ocampo olivares ortega ortiz pacquiao padilla panganiban pangilinan pascual pascua penaflor peralta perez
pineda quiambao quinto ramirez recto relova reyes rivera robles rodriguez rojas roxas salazar salonga salvador
samson sanchez santiago santillan sarmiento sevilla sison soliman soriano sotto suarez sumulong tabuena tiongson
tolentino tuazon umali valdez valencia vasquez velasco velasquez vergara villafuerte villanueva villareal villegas
yambao ybanez zamora zapata acharya adhikari agarwal basnet bhandari bhattarai chaudhary chettri dahal ghale ghimire
gupta gurung karki kc koirala lama limbu magar mehta nair nepali pandey poudel pradhan pun rai rana reddy sherpa
shrestha subba tamang thapa yadav hidayat gunawan halim handayani hartati hasibuan hermawan irawan iskandar
kurniawan kusuma kusumawati lubis maharani maulana mulyono nasution nugroho permata pertiwi prasetyo pratama purnama
purwanto rahardjo rahayu rahmawati saputra santoso sembiring setiawan setyawan sihombing silalahi simanjuntak
siregar suryanto susanto susilo suwandi syahputra tanjung wibowo widodo wijaya wulandari yulianto
"""
FAMILY = frozenset(_FAMILY.split())
"""Surnames: Portuguese and Macanese; those that English knows; Filipino; of Nepal and India; Indonesian."""

_VIETNAMESE = """
nguyen tran le pham huynh hoang phan vu vo dang bui do ngo duong ly dinh trinh doan dao mai truong luu cao to thai
"""
VIETNAMESE = frozenset(_VIETNAMESE.split())
"""Vietnamese surnames; a name goes on with Thi, Van or two more words."""

PARTICLES = frozenset(
    ("da", "de", "do", "dos", "das", "e", "del", "dela", "della", "di", "van", "von", "bin", "binti", "d'")
)

TITLES = (
    r"Mr|Mrs|Ms|Miss|Mdm|Madam|Mister|Dr|Dra|Prof|Profa|Sr|Sra|Srta|Senhor|Senhora|Doutor|Doutora|Eng|Enga|"
    r"Engenheiro|Engenheira|Arq|Arqta|Dona|Professor|Professora|Exmo|Exma|Ex\.mo|Ex\.ma|Rev|Sir|Dear|Attn|"
    r"Attention"
)
"""What stands before a name."""

_OFFICES = """
presidente director directora diretor diretora ministro ministra chefe secretario secretaria administrador gerente
president chairman chairwoman director manager minister judge juiz juiza deputado deputada vereador cliente utente
senhor senhora doutor doutora professor professora engenheiro engenheira
"""
OFFICES = frozenset(_OFFICES.split())
"""What may stand between a title and a name."""

TITLES_BEHIND = "Sir|sir|先生|小姐|女士|太太|生|太|醫生|律師|經理|老師|教授|博士"
"""What stands right behind a name in Latin letters."""

ROLES = (
    r"(?:full |customer |client |guest |passenger |patient |employee |staff |member |tenant |payee |beneficiary |"
    r"holder |applicant )?name|customer|client|guest|passenger|patient|employee|tenant|payee|beneficiary|"
    r"applicant|policyholder|contact person|attn|nome(?: completo| do cliente| do titular)?|titular|cliente|"
    r"utente|passageir[oa]|requerente|benefici[aá]ri[oa]|trabalhador|trabalhadora|funcion[aá]ri[oa]|h[oó]spede|"
    r"inquilin[oa]|assinad[oa] por|姓名|英文姓名|葡文姓名|外文姓名|聯絡人|联系人|收款人|申請人|申请人|客戶|客户|"
    r"乘客|住客|收件人"
)
"""What asks for a name, before a colon."""

CLOSINGS = (
    r"(?:kind |best |warm )?regards|yours sincerely|sincerely yours|sincerely|yours faithfully|yours truly|"
    r"best wishes|thanks and regards|many thanks|cheers|com os melhores cumprimentos|melhores cumprimentos|"
    r"cumprimentos|atenciosamente|respeitosamente|obrigado|obrigada|atentamente|signed by|assinado por|assinatura|"
    r"subscreve-se"
)
"""What stands above or before the name of whoever signs."""

_WORDS = """
a ai an as at ate bad bag ban bang be bed beg bet bid big bin bit bo bong boom but buy by can chip chat chin cha
choi cod cop cut dan day deal do dog dot du due eat fan far fat fee fit fog for fu fun get go god got gum gun gut ha
had ham hang hat he hem her hi him hip his hit ho hog hop hot how hum hung hunt i if in is it jan kin king kid kit
la lap law lay leap led leg let lie lip lit lo long lot low mad main man mat may me mean men met min mock mom mon
mop moon mum mug my nap net no nod non not now nut of oh ok on one or our out own pan pay pen pet pin ping pit pop
pot pub pun put ran rang run sad saw say see set she shoe shop shut sin sing sir sit so son song soon sue sum sun
sung ta tab tag tan tang tap tax tea ten the tin tip to ton tong too top toy tub tung un up us van vat wan was way
we web wet who why win wing wit won yes yet yen yin you young lei sou vai sem tem bem com um num fim sim mim dia lua
tua sua meu seu teu deu foi pau mau dom bom tom som bi bir nif raem hkd rock star food note book march june april
august
"""
WORDS = frozenset(_WORDS.split())
"""Words of everyday that read like Cantonese: where a name is made of them alone, it is none."""

PLACES = """
hong kong,tai fung,hoi an,sun at,man in,ho tram,ho chi minh,tai po,sha tin,tuen mun,yuen long,wan chai,chai wan,
mong kok,tsim sha tsui,sham shui po,kwun tong,tsuen wan,kwai chung,tsing yi,tung chung,tai koo,hung hom,ho man tin,
wong tai sin,lam tin,lan kwai fong,cheung chau,cheung sha wan,lai chi kok,kai tak,sai kung,sai wan,sai van,nam van,
fan ling,ma on shan,ma wan,lei yue mun,lok ma chau,lo wu,tin shui wai,tai wai,yau ma tei,yau tong,chek lap kok,
wing hang,hang seng,hang lung,wing lung,chong hing,cheung kong,sun hung kai,lai sun,sun life,new world,kiang wu,
hou kong,pui ching,pui to,iao hon,fai chi kei,toi san,hac sa,hac sac,cheoc van,ka ho,seac pai van,lai chi vun,
tam kung,kun iam,tin hau,na tcha,lin fong,pou tai,pak tai,tai soi,iec long,lou lim ieoc,lou lim iok,lou kau,tap seac,
mong ha,lam mau,lin kai,kai fong,dim sum,char siu,lo mein,chow mein,wonton,tai chi,tai ji,kung fu,mah jong,pai gow,
sic bo,fan tan,tong shui,pak choi,pak choy,choi sum,bok choy,lap cheong,cheong fun,siu mai,ha gao,lai see,lai si,
kung hei,gong xi,fat choi,fat choy,wu yu,wang wang,long an,da nang,ha long,ha noi,can tho,chiang mai,chiang rai,
shan tou,hai nan,hu nan,fu jian,zhu hai,tai wan,tai pei,tai chung,lao cai,dong nai,long island,man city,li ning,
lao pdr,wan hai,chu kong,tan son nhat,suen long,kam tin,sheung wan,sheung shui,tseung kwan o,san uk,san wan,sun tak,
shun tak,chow tai fook,chow sang sang,lee kum kee,sa sa,man mo,po lin,tai o,mui wo,lam ma,pok fu lam,ap lei chau,
lok fu,choi hung,wo che,ma liu shui,fo tan,tai mo shan,wah kee,van gogh,santa casa,santa maria,san francisco,
san jose,san marco,santa rosa,cruz vermelha,nossa senhora,vasco da gama,christmas eve,victoria harbour,jordan valley,
prince edward,king george,queen mary,grant thornton,ernst young,morgan stanley,johnson johnson,harvey nichols,
ray ban,kenny rogers,ivy league,black friday,jasmine tea,jasmine rice,victoria falls,chelsea fc,max mara,mark down,
norton rose,tom yum,bill to,bill of,bill no,mark up,frank muller,vera cruz
"""
"""Places, companies, dishes and sayings that read like names, or the first words of longer ones; commas between."""

_MAKES_PLACE = """
ltd limited lda limitada bank banco group grupo hotel hoteis building edificio street road avenue lane centre center
company co corp corporation inc construction engenharia engineering trading restaurant restaurante cafe school
escola university universidade college colegio hospital clinic foundation fundacao association associacao temple
district garden gardens jardim plaza praca tower towers mansion court estate island ilha bay city cidade airport
aeroporto port porto park village museum museu church igreja library biblioteca bridge ponte station terminal
theatre theater stadium square beach peak hill river lake sea mountain valley province county state street's dynasty
festival cup award prize house holdings insurance securities finance capital investment investments properties
property development enterprise enterprises international industries industrial jewellery pharmacy supermarket
market mall casino resort lounge club municipal memorial llp partners fund trust society institute department bureau
federation union committee press media news times daily express airlines motors logistics shipping day eve street,
ward room hall block loan term life law lei
"""
MAKES_PLACE = frozenset(_MAKES_PLACE.split())
"""Behind a name, these make something else of it."""

_BEFORE_PLACES = """
rua avenida av ave travessa estrada calcada beco patio largo praca praceta alameda rotunda rampa caminho edificio
edf ed escola hospital banco hotel igreja centro colegio universidade fundacao associacao ponte jardim museu teatro
aeroporto bairro instituto palacio casa quinta fortaleza farol templo street road tribunal biblioteca parque
pavilhao lei decreto artigo saint st são sao santo santa baia porto ilha rio club clube fc sporting grupo companhia
sociedade joalharia premio pico complexo torre bloco mercado the at in
"""
BEFORE_PLACES = frozenset(_BEFORE_PLACES.split())
"""Before a name, with or without a particle, these make a street, a school or a company of it."""
