command-start = Начать, выбрать знак зодиака
command-horoscope = Гороскоп на сегодня
command-tarot = Таро: карта дня или три карты на вопрос
command-natal = Натальная карта
command-help = Что я умею

sign-aries = ♈ Овен
sign-taurus = ♉ Телец
sign-gemini = ♊ Близнецы
sign-cancer = ♋ Рак
sign-leo = ♌ Лев
sign-virgo = ♍ Дева
sign-libra = ♎ Весы
sign-scorpio = ♏ Скорпион
sign-sagittarius = ♐ Стрелец
sign-capricorn = ♑ Козерог
sign-aquarius = ♒ Водолей
sign-pisces = ♓ Рыбы

body-sun = Солнце
body-moon = Луна
body-mercury = Меркурий
body-venus = Венера
body-mars = Марс
body-jupiter = Юпитер
body-saturn = Сатурн
body-uranus = Уран
body-neptune = Нептун
body-pluto = Плутон
body-ascendant = Асцендент

start-greeting =
    Здравствуйте! Я составляю гороскопы, читаю карты таро и натальные карты.

    Кто вы по знаку зодиака? Нажмите кнопку или пришлите дату рождения.
start-welcome-back =
    С возвращением! Ваш знак: { $sign }.

    /horoscope – ваш день
    /tarot – карты
    /natal – натальная карта
start-change-sign = Сменить знак
sign-ask = Кто вы по знаку зодиака? Нажмите кнопку или пришлите дату рождения.
sign-by-date = Назову дату рождения
sign-saved =
    Ваш знак: { $sign }. Запомню.

    /horoscope – ваш день
    /tarot – карты
    /natal – натальная карта
birth-date-ask = Когда вы родились? Пришлите дату в виде 1990-05-17.
birth-date-unreadable = Не получается прочитать дату. Пришлите её в виде 1990-05-17 или 17.05.1990.
birth-date-impossible = Такого дня нет в календаре. Проверьте дату и пришлите ещё раз.
birth-date-future = Этот день ещё не наступил. Когда вы родились?
birth-date-too-old = Это больше века назад. Проверьте год и пришлите дату ещё раз.

horoscope-title = { $sign } · { $date }

tarot-menu = Что разложим?
tarot-button-card = 🂠 Карта дня
tarot-button-three = 🔮 Три карты на вопрос
tarot-question-ask = О чём спросим карты? Напишите один вопрос.
tarot-question-placeholder = Что мне важно знать о работе?
tarot-question-empty = Напишите, пожалуйста, вопрос словами.
tarot-question-too-long =
    { $count ->
        [one] В вопросе { $count } лишний знак. Задайте его короче, пожалуйста.
        [few] В вопросе { $count } лишних знака. Задайте его короче, пожалуйста.
       *[many] В вопросе { $count } лишних знаков. Задайте его короче, пожалуйста.
    }
tarot-card-title = Ваша карта дня · { $date }
tarot-three-title = Три карты
tarot-position-0 = Прошлое
tarot-position-1 = Настоящее
tarot-position-2 = Будущее
tarot-upright = { $card }
tarot-reversed = { $card } (перевёрнутая карта)

natal-intro = Для натальной карты нужны дата, время и место рождения.
natal-time-ask = Во сколько вы родились? Пришлите время в виде 14:30.
natal-time-unknown-hint = Если время неизвестно, нажмите кнопку: карта будет построена на полдень, без асцендента и домов.
natal-time-unknown = Не знаю времени
natal-time-unreadable = Не получается прочитать время. Пришлите его в виде 14:30.
natal-place-ask = В каком городе или посёлке вы родились?
natal-place-placeholder = Москва
natal-place-not-found = Такого места я не знаю. Проверьте название или пришлите ближайший город побольше. Можно добавить страну: Москва, Россия.
natal-place-choose =
    { $count ->
        [one] Нашлось { $count } такое место. Это оно?
        [few] Нашлось { $count } таких места. Какое ваше?
       *[many] Нашлось { $count } таких мест. Какое ваше?
    }
natal-place-people =
    { $count ->
        [one] { $formatted } житель
        [few] { $formatted } жителя
       *[other] { $formatted } жителей
    }
natal-title = Ваша натальная карта
natal-born = { $date }, { $time }, { $place }
natal-time-is-unknown = время неизвестно
natal-noon-note = Время неизвестно, поэтому положения даны на полдень, без асцендента и домов.
natal-retrograde = ретроградно
natal-change = Другие данные рождения

help =
    Что я умею:
    /horoscope – гороскоп на сегодня
    /tarot – карта дня или три карты на вопрос
    /natal – натальная карта
    /start – выбрать знак зодиака заново
unknown-text =
    Не знаю, что с этим делать. Попробуйте так:
    /horoscope – ваш день
    /tarot – карты
    /natal – натальная карта
private-only = Я разговариваю только в личном чате: откройте @{ $username } и нажмите «Старт».
button-outdated = Эта кнопка больше не работает.

retry = Попробовать ещё раз
failure-ai = Простите, толкование не получилось. Ничего не пропало: нажмите кнопку, и я попробую ещё раз.
failure-ai-disabled = Простите, толкования сейчас отключены. Загляните позже, пожалуйста.
failure-internal = Простите, у меня что-то сломалось. Попробуйте ещё раз, пожалуйста.

limit-stop = На сейчас я написал все толкования, какие мог, и лучше скажу об этом прямо, чем заставлю вас ждать. С { $date } я снова читаю для вас.
limit-pause-free = Бесплатные толкования этого периода закончились. С { $date } будут новые. Спасибо за терпение!
limit-cached-only = До { $date } я не могу писать новое. То, что уже написано для вас, остаётся с вами: карта дня, сегодняшний гороскоп и ваша карта.
limit-old-horoscope = Нового до { $newDate } я написать не могу. Вот последний, который я написал, за { $date }:
limit-old-card = До { $newDate } я не могу писать новое. Вот что я писал об этой карте раньше:
