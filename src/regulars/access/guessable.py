"""Which passwords whoever tries many would try first (NIST SP 800-63B-4, 3.1.1.2): there is no other rule of form."""

import re

_COMMONEST = frozenset(
    word
    for line in (
        "0123456789 0987654321 1029384756 1111111111 1122334455 1212121212 1231231231 1234512345 1234567890",
        "12345678900 1234567891 12345678910 123456789a 123456789q 123456abcd 1234qwerasdf 147258369 1472583690",
        "1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 2wsx3edc4rfv 3141592653 9876543210 987654321a a123456789 a1b2c3d4e5",
        "aa12345678 aa123456789 abc1234567 abc123456789 abcd123456 abcd1234567 abcdefg123 abcdefg1234 abcdefghij",
        "admin12345 admin123456 adminadmin administrator alexander1 asdf123456 asdfasdfasdf asdfghjkl1 asdfghjkl123",
        "asdfghjkl; baseball12 basketball basketball1 blink182182 butterfly1 cheesecake chocolate1 computer12",
        "computer123 constantine correcthorsebatterystaple dragondragon elizabeth1 everything facebook12",
        "facebook123 football12 football123 fuckyou123 fuckyou1234 hello12345 hello123456 hellohello helloworld",
        "helloworld1 iloveyou12 iloveyou123 iloveyou1234 iloveyouforever iloveyousomuch internet12 jennifer12",
        "letmein123 letmein1234 letmeinplease liverpool1 liverpoolfc lovelovelove loveyou123 manchester manchester1",
        "michelle12 microsoft1 monkey1234 mynameis123 newpassword nothing123 p@55w0rd12 p@ssw0rd12 p@ssw0rd123",
        "p@ssword123 pass123456 pass12345678 passpasspass passw0rd12 passw0rd123 passw0rd1234 password00 password01",
        "password10 password11 password12 password123 password1234 password12345 password123456 password99",
        "passwordpassword photoshop1 pokemon123 princess12 princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedc1",
        "qazwsxedcrfv qwer123456 qwerasdfzxcv qwert12345 qwerty1234 qwerty12345 qwerty123456 qwertyqwerty",
        "qwertyuiop qwertyuiop1 qwertyuiop123 qwertyuiop[] regulars12 regulars123 samsung123 samsung1234 secret1234",
        "starwars123 sunshine12 sunshine123 superman12 superman123 temp123456 test123456 test1234567 testpassword",
        "testtest12 testtest123 testtesttest thisismypassword trustno1234 user123456 welcome123 welcome1234",
        "welcome12345 whatever12 whatever123 william123 yourpassword z1x2c3v4b5 zaq12wsxcde zaqwsxcde123 zxcvbnm,./",
        "zxcvbnm123 zxcvbnm1234 zxcvbnm12345 zxcvbnmasdfghjkl",
    )
    for word in line.split()
)
_FEW = 3
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
_YEAR_OR_MARK = re.compile(r"[\W_]*(?:(?:19|20)\d\d)?[\W_]*$")


def is_guessable(password: str, about: tuple[str, ...] = ()) -> bool:
    """Return whether a password is among the first that anybody would try.

    That is: a common one, a row of keys, a few letters again and again, or the words it is `about` (the e-mail, the
    name) with nothing but a year or a mark.
    """
    plain = password.casefold()
    bare = _YEAR_OR_MARK.sub("", plain)
    if plain in _COMMONEST or bare in _COMMONEST or len(set(plain)) <= _FEW:
        return True
    if any(plain in row or plain in row[::-1] for row in _ROWS):
        return True
    return bool({plain, bare} & {word.casefold() for word in about if word})
