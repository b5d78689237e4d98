command-start = Begin, choose your zodiac sign
command-horoscope = Horoscope for today
command-tarot = Tarot: card of the day, or three cards to a question
command-natal = Natal chart
command-premium = Premium: what it gives, and its price
command-delete = Delete what I know of you
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

premium-button = ⭐ Premium
premium-offer =
    Premium: { $days } days for ⭐ { $stars }

    • When the free readings of a period are used up, I go on reading for you.
    • A question to the cards may have { $questionChars } characters instead of { $freeQuestionChars }.

    It ends by itself and nothing is charged again. Days that are paid early are added to the end.
    /terms – the terms
    /paysupport – questions about a payment
premium-active = Your premium lasts until { $date }.
premium-invoice-title = Premium for { $days } days
premium-invoice-description = Readings also when the free ones of a period are used up, and longer questions to the cards. { $days } days, ends by itself.
premium-thanks =
    Thank you! Your premium lasts until { $date }.

    /tarot – the cards
    /natal – your natal chart
premium-refunded = Your Stars were returned, and your premium has ended.
premium-refunded-partly = Your Stars were returned. What else you paid for lasts until { $date }.
premium-refusal-unknown = I don't know this invoice. Please send /premium for a new one.
premium-refusal-foreign = This invoice was made for somebody else. Please send me /premium for your own.
premium-refusal-amount = The amount is not that of the invoice. Please send /premium for a new one.
premium-refusal-expired = This invoice is too old. Please send /premium for a new one.
premium-refusal-paid = This invoice is paid already. For a further month please send /premium again.
premium-terms =
    Premium is paid in advance for { $days } days in Telegram Stars. It begins with the payment, or when the premium that you have ends. It is not renewed by itself.

    Readings are entertainment, no advice on health, law or money. When the Stars of a payment are returned, its days end.

    /paysupport – questions about a payment
premium-support-none = I know of no payment of yours. If Stars were taken all the same, wait a few minutes and send /paysupport again: a payment is booked as soon as I hear of it. After that, write to whoever runs this bot, with the number of the transaction in your list of Stars.
premium-support-paid =
    Your last payment: ⭐ { $stars } on { $date }.
    Number: { $chargeId }

    If something is wrong with it, write to whoever runs this bot and give this number: they can return the Stars. Telegram itself cannot help with it.
premium-support-refunded =
    Your last payment: ⭐ { $stars } on { $date }. The Stars were returned.
    Number: { $chargeId }

delete-ask =
    Shall I delete what I know of you?

    What goes: the number by which Telegram knows you, your zodiac sign, birth data and birth place, your questions, and every reading and chart that I keep.

    What stays, without you: that somebody used me and what it cost, and the payments with their numbers, so that Stars can still be returned.

    It cannot be undone. The messages of this chat are kept by Telegram: clear the chat if they are to go too.
delete-ask-premium = Your premium lasts until { $date }. It ends with the deletion, and the Stars for it are not returned.
delete-yes = Delete everything
delete-no = Keep it
delete-kept = Nothing was deleted.
delete-done = I have deleted what I knew of you. Should you write to me again, we begin anew.
delete-nothing = I know nothing of you: there is nothing to delete.

help =
    What I can do:
    /horoscope – your horoscope for today
    /tarot – card of the day, or three cards to a question
    /natal – your natal chart
    /premium – what premium gives
    /start – choose your zodiac sign anew
    /delete – delete what I know of you
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
