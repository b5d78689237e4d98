command-start = Begin, choose your zodiac sign
command-horoscope = Horoscope for today
command-tarot = Tarot: card of the day, or three cards to a question
command-natal = Natal chart
command-help = What I can do

sign-aries = ♈ Aries
sign-taurus = ♉ Taurus
sign-gemini = ♊ Gemini
sign-cancer = ♋ Cancer
sign-leo = ♌ Leo
sign-virgo = ♍ Virgo
sign-libra = ♎ Libra
sign-scorpio = ♏ Scorpio
sign-sagittarius = ♐ Sagittarius
sign-capricorn = ♑ Capricorn
sign-aquarius = ♒ Aquarius
sign-pisces = ♓ Pisces

body-sun = Sun
body-moon = Moon
body-mercury = Mercury
body-venus = Venus
body-mars = Mars
body-jupiter = Jupiter
body-saturn = Saturn
body-uranus = Uranus
body-neptune = Neptune
body-pluto = Pluto
body-ascendant = Ascendant

start-greeting =
    Hello! I write horoscopes, read tarot cards and natal charts.

    What is your zodiac sign? Press a button, or send me your birth date.
start-welcome-back =
    Hello again! Your sign is { $sign }.

    /horoscope – your day
    /tarot – the cards
    /natal – your natal chart
start-change-sign = Change my sign
sign-ask = What is your zodiac sign? Press a button, or send me your birth date.
sign-by-date = I'll give my birth date
sign-saved =
    Your sign is { $sign }. I'll remember.

    /horoscope – your day
    /tarot – the cards
    /natal – your natal chart
birth-date-ask = When were you born? Send the date like 1990-05-17.
birth-date-unreadable = I can't read that as a date. Send it like 1990-05-17 or 17.05.1990.
birth-date-impossible = There is no such day in the calendar. Please check the date and send it again.
birth-date-future = That day is still to come. When were you born?
birth-date-too-old = That is more than a century ago. Please check the year and send the date again.

horoscope-title = { $sign } · { $date }

tarot-menu = What shall we lay?
tarot-button-card = 🂠 Card of the day
tarot-button-three = 🔮 Three cards to a question
tarot-question-ask = What do you want to ask the cards? Write one question.
tarot-question-placeholder = What should I know about my work?
tarot-question-empty = Write your question in words, please.
tarot-question-too-long =
    { $count ->
        [one] Your question has { $count } character too many. Please ask it more shortly.
       *[other] Your question has { $count } characters too many. Please ask it more shortly.
    }
tarot-card-title = Your card of the day · { $date }
tarot-three-title = Three cards
tarot-position-0 = Past
tarot-position-1 = Present
tarot-position-2 = Future
tarot-upright = { $card }
tarot-reversed = { $card } (reversed)

natal-intro = For a natal chart I need your birth date, time and place.
natal-time-ask = At what time were you born? Send it like 14:30.
natal-time-unknown-hint = If you don't know the time, press the button: the chart is then made for noon, without ascendant and houses.
natal-time-unknown = I don't know the time
natal-time-unreadable = I can't read that as a time. Send it like 14:30.
natal-place-ask = In which city or town were you born?
natal-place-placeholder = Moscow
natal-place-not-found = I don't know this place. Check the spelling, or send the nearest larger town. A country may follow: Moscow, Russia.
natal-place-choose =
    { $count ->
        [one] I know { $count } such place. Is it yours?
       *[other] I know { $count } such places. Which one is yours?
    }
natal-place-people =
    { $count ->
        [one] { $formatted } person
       *[other] { $formatted } people
    }
natal-title = Your natal chart
natal-born = { $date }, { $time }, { $place }
natal-time-is-unknown = time unknown
natal-noon-note = The time is unknown, so the positions are those of noon, without ascendant and houses.
natal-retrograde = retrograde
natal-change = Other birth data

help =
    What I can do:
    /horoscope – your horoscope for today
    /tarot – card of the day, or three cards to a question
    /natal – your natal chart
    /start – choose your zodiac sign anew
unknown-text =
    I don't know what to do with that. Try one of these:
    /horoscope – your day
    /tarot – the cards
    /natal – your natal chart
private-only = I talk in private chats only: open @{ $username } and press Start.
button-outdated = This button no longer works.

retry = Try again
failure-ai = I'm sorry, the reading did not come through. Nothing is lost: press the button and I'll try again.
failure-ai-disabled = I'm sorry, readings are switched off at the moment. Please come back later.
failure-internal = I'm sorry, something went wrong on my side. Please try again.

limit-stop = I have written all the readings I may for now, and I would rather tell you so than keep you waiting. From { $date } I read for you again.
limit-pause-free = The free readings of this period are used up. From { $date } there are new ones. Thank you for your patience!
limit-cached-only = I may not write anything new until { $date }. What I have already written for you is still here: your card of the day, today's horoscope and your chart.
limit-old-horoscope = I may not write a new one until { $newDate }. Here is the last one that I wrote, of { $date }:
limit-old-card = I may not write anything new until { $newDate }. This is what I wrote of the same card before:
