/**
 * Places whose Russian name is not their own name letter by letter, as `russian=GeoNames name@country`. What is not
 * here is found by its sound.
 */
const LIST = `
москва=Moscow@RU;санкт-петербург=Saint Petersburg@RU;петербург=Saint Petersburg@RU;питер=Saint Petersburg@RU;спб=Saint Petersburg@RU;
ленинград=Saint Petersburg@RU;нижний новгород=Nizhniy Novgorod@RU;горький=Nizhniy Novgorod@RU;свердловск=Yekaterinburg@RU;
екб=Yekaterinburg@RU;куйбышев=Samara@RU;сталинград=Volgograd@RU;орёл=Orël@RU;ростов=Rostov-na-Donu@RU;
набережные челны=Naberezhnyye Chelny@RU;нижний тагил=Nizhny Tagil@RU;великий новгород=Velikiy Novgorod@RU;новгород=Velikiy Novgorod@RU;
улан-удэ=Ulan-Ude@RU;петропавловск-камчатский=Petropavlovsk-Kamchatsky@RU;комсомольск-на-амуре=Komsomolsk-on-Amur@RU;
киев=Kyiv@UA;київ=Kyiv@UA;харьков=Kharkiv@UA;харків=Kharkiv@UA;одесса=Odessa@UA;одеса=Odessa@UA;днепр=Dnipro@UA;днепропетровск=Dnipro@UA;
львов=Lviv@UA;запорожье=Zaporizhia@UA;кривой рог=Kryvyi Rih@UA;николаев=Mykolayiv@UA;винница=Vinnytsia@UA;чернигов=Chernihiv@UA;
луганск=Luhansk@UA;макеевка=Makiyivka@UA;хмельницкий=Khmelnytskyi@UA;черкассы=Cherkasy@UA;житомир=Zhytomyr@UA;ровно=Rivne@UA;
ивано-франковск=Ivano-Frankivsk@UA;тернополь=Ternopil@UA;черновцы=Chernivtsi@UA;ужгород=Uzhgorod@UA;кропивницкий=Kropyvnytskyi@UA;
минск=Minsk@BY;гомель=Homyel'@BY;могилёв=Mahilyow@BY;могилев=Mahilyow@BY;витебск=Vitebsk@BY;гродно=Hrodna@BY;брест=Brest@BY;
бобруйск=Babruysk@BY;алма-ата=Almaty@KZ;алматы=Almaty@KZ;астана=Nur-Sultan@KZ;нур-султан=Nur-Sultan@KZ;караганда=Karagandy@KZ;
усть-каменогорск=Ust-Kamenogorsk@KZ;семипалатинск=Semey@KZ;актау=Aktau@KZ;актобе=Aktobe@KZ;бишкек=Bishkek@KG;фрунзе=Bishkek@KG;
ташкент=Tashkent@UZ;самарканд=Samarkand@UZ;бухара=Bukhara@UZ;душанбе=Dushanbe@TJ;ашхабад=Ashgabat@TM;баку=Baku@AZ;ереван=Yerevan@AM;
тбилиси=Tbilisi@GE;батуми=Batumi@GE;кишинёв=Chisinau@MD;кишинев=Chisinau@MD;тирасполь=Tiraspol@MD;вильнюс=Vilnius@LT;каунас=Kaunas@LT;
рига=Riga@LV;таллин=Tallinn@EE;тарту=Tartu@EE;варшава=Warsaw@PL;краков=Kraków@PL;вроцлав=Wrocław@PL;гданьск=Gdańsk@PL;лодзь=Łódź@PL;
прага=Prague@CZ;брно=Brno@CZ;братислава=Bratislava@SK;будапешт=Budapest@HU;бухарест=Bucharest@RO;софия=Sofia@BG;варна=Varna@BG;
белград=Belgrade@RS;загреб=Zagreb@HR;любляна=Ljubljana@SI;сараево=Sarajevo@BA;афины=Athens@GR;салоники=Thessaloníki@GR;
париж=Paris@FR;марсель=Marseille@FR;лион=Lyon@FR;ницца=Nice@FR;лондон=London@GB;эдинбург=Edinburgh@GB;дублин=Dublin@IE;
берлин=Berlin@DE;мюнхен=Munich@DE;гамбург=Hamburg@DE;кёльн=Köln@DE;кельн=Köln@DE;франкфурт=Frankfurt am Main@DE;дюссельдорф=Düsseldorf@DE;
лейпциг=Leipzig@DE;дрезден=Dresden@DE;вена=Vienna@AT;зальцбург=Salzburg@AT;цюрих=Zürich@CH;женева=Genève@CH;брюссель=Brussels@BE;
амстердам=Amsterdam@NL;роттердам=Rotterdam@NL;гаага=The Hague@NL;рим=Rome@IT;милан=Milan@IT;неаполь=Naples@IT;венеция=Venice@IT;
флоренция=Florence@IT;турин=Turin@IT;мадрид=Madrid@ES;барселона=Barcelona@ES;валенсия=Valencia@ES;лиссабон=Lisbon@PT;порту=Porto@PT;
копенгаген=Copenhagen@DK;стокгольм=Stockholm@SE;осло=Oslo@NO;хельсинки=Helsinki@FI;рейкьявик=Reykjavík@IS;стамбул=Istanbul@TR;
анкара=Ankara@TR;анталья=Antalya@TR;никосия=Nicosia@CY;лимасол=Limassol@CY;тель-авив=Tel Aviv@IL;иерусалим=Jerusalem@IL;хайфа=Haifa@IL;
каир=Cairo@EG;дубай=Dubai@AE;абу-даби=Abu Dhabi@AE;тегеран=Tehran@IR;багдад=Baghdad@IQ;дамаск=Damascus@SY;бейрут=Beirut@LB;
дели=Delhi@IN;нью-дели=New Delhi@IN;мумбаи=Mumbai@IN;бангкок=Bangkok@TH;пхукет=Phuket@TH;ханой=Hanoi@VN;хошимин=Ho Chi Minh City@VN;
пекин=Beijing@CN;шанхай=Shanghai@CN;гонконг=Hong Kong@HK;тайбэй=Taipei@TW;токио=Tokyo@JP;осака=Osaka@JP;киото=Kyoto@JP;сеул=Seoul@KR;
пусан=Busan@KR;пхеньян=Pyongyang@KP;улан-батор=Ulan Bator@MN;сингапур=Singapore@SG;джакарта=Jakarta@ID;манила=Manila@PH;
нью-йорк=New York City@US;лос-анджелес=Los Angeles@US;сан-франциско=San Francisco@US;чикаго=Chicago@US;вашингтон=Washington, D.C.@US;
бостон=Boston@US;майами=Miami@US;сиэтл=Seattle@US;хьюстон=Houston@US;филадельфия=Philadelphia@US;лас-вегас=Las Vegas@US;
торонто=Toronto@CA;монреаль=Montréal@CA;ванкувер=Vancouver@CA;мехико=Mexico City@MX;гавана=Havana@CU;рио-де-жанейро=Rio de Janeiro@BR;
сан-паулу=São Paulo@BR;буэнос-айрес=Buenos Aires@AR;сантьяго=Santiago@CL;лима=Lima@PE;богота=Bogotá@CO;каракас=Caracas@VE;
сидней=Sydney@AU;мельбурн=Melbourne@AU;окленд=Auckland@NZ;кейптаун=Cape Town@ZA;йоханнесбург=Johannesburg@ZA;найроби=Nairobi@KE`;

/** Names that people type in Latin letters and the gazetteer spells otherwise. */
const OTHER_SPELLINGS = `
new york=New York City@US;nyc=New York City@US;st petersburg=Saint Petersburg@RU;kiev=Kyiv@UA;kharkov=Kharkiv@UA;lvov=Lviv@UA;odesa=Odessa@UA;
astana=Nur-Sultan@KZ;alma ata=Almaty@KZ;gomel=Homyel'@BY;mogilev=Mahilyow@BY;grodno=Hrodna@BY;cologne=Köln@DE;geneva=Genève@CH;
bombay=Mumbai@IN;peking=Beijing@CN;saigon=Ho Chi Minh City@VN;frankfurt=Frankfurt am Main@DE;washington=Washington, D.C.@US;washington dc=Washington, D.C.@US;
chisinau=Chisinau@MD;kishinev=Chisinau@MD;nizhny novgorod=Nizhniy Novgorod@RU;ekaterinburg=Yekaterinburg@RU;rostov on don=Rostov-na-Donu@RU`;

export interface KnownName {
  readonly typed: string;
  readonly name: string;
  readonly country: string;
}

/** The list above, parsed; `typed` as written, not yet normalized. */
export function parseKnownNames(): KnownName[] {
  return `${LIST};${OTHER_SPELLINGS}`
    .split(';')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry) => {
      const [typed = '', target = ''] = entry.split('=');
      const [name = '', country = ''] = target.split('@');
      return { typed, name, country };
    });
}
