/** How larger towns are called today, as `Russian=GeoNames name`; those with an old or short name in the list of typed names too. */
const LISTS: Readonly<Record<string, string>> = {
  RU: `
Екатеринбург=Yekaterinburg;Самара=Samara;Волгоград=Volgograd;Ростов-на-Дону=Rostov-na-Donu;Новосибирск=Novosibirsk;Казань=Kazan;
Нижний Новгород=Nizhniy Novgorod;Челябинск=Chelyabinsk;Омск=Omsk;Уфа=Ufa;Красноярск=Krasnoyarsk;Пермь=Perm;Воронеж=Voronezh;Саратов=Saratov;
Краснодар=Krasnodar;Тольятти=Tol’yatti;Барнаул=Barnaul;Ижевск=Izhevsk;Ульяновск=Ulyanovsk;Иркутск=Irkutsk;Хабаровск=Khabarovsk;
Владивосток=Vladivostok;Ярославль=Yaroslavl;Махачкала=Makhachkala;Томск=Tomsk;Оренбург=Orenburg;Кемерово=Kemerovo;Новокузнецк=Novokuznetsk;
Рязань=Ryazan’;Тюмень=Tyumen;Липецк=Lipetsk;Пенза=Penza;Астрахань=Astrakhan;Киров=Kirov;Тула=Tula;Чебоксары=Cheboksary;Калининград=Kaliningrad;
Курск=Kursk;Брянск=Bryansk;Иваново=Ivanovo;Магнитогорск=Magnitogorsk;Тверь=Tver;Ставрополь=Stavropol’;Белгород=Belgorod;Архангельск=Arkhangel’sk;
Владимир=Vladimir;Сочи=Sochi;Калуга=Kaluga;Смоленск=Smolensk;Саранск=Saransk;Череповец=Cherepovets;Чита=Chita;Вологда=Vologda;Сургут=Surgut;
Тамбов=Tambov;Кострома=Kostroma;Йошкар-Ола=Yoshkar-Ola;Петрозаводск=Petrozavodsk;Мурманск=Murmansk;Якутск=Yakutsk;Псков=Pskov;Сыктывкар=Syktyvkar;
Курган=Kurgan;Нальчик=Nalchik;Грозный=Groznyy;Абакан=Abakan;Благовещенск=Blagoveshchensk;Братск=Bratsk;Дзержинск=Dzerzhinsk;Орск=Orsk;
Ангарск=Angarsk;Балашиха=Balashikha;Подольск=Podolsk;Мытищи=Mytishchi;Химки=Khimki;Королёв=Korolyov;Коломна=Kolomna;Новороссийск=Novorossiysk;
Магадан=Magadan;Норильск=Norilsk;Майкоп=Maykop;Элиста=Elista;Бийск=Biysk;Шахты=Shakhty;Таганрог=Taganrog;Рыбинск=Rybinsk`,
  KZ: 'Алматы=Almaty;Астана=Nur-Sultan;Семей=Semey;Шымкент=Shymkent;Павлодар=Pavlodar;Тараз=Taraz;Костанай=Kostanay;Уральск=Oral',
  US: 'Нью-Йорк=New York City;Лос-Анджелес=Los Angeles;Чикаго=Chicago',
};

/** Parsed. */
export const RUSSIAN_SPELLINGS = Object.entries(LISTS).flatMap(([country, list]) =>
  list.split(';').map((entry) => {
    const [russian = '', name = ''] = entry.trim().split('=');
    return { russian, name, country };
  }),
);
