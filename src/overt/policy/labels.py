"""What sensitive fields are called, in the languages that we know: whole words, ``~`` for an optional space."""

from types import MappingProxyType
from typing import Final

LABELS: Final = MappingProxyType(
    {
        "PASSWORD": """
            pass pass~words? pass~code pass~phrase passwd passwort kennwort pwd psw pin pin~code senha contrasena clave
            mot~de~passe mdp parola wachtwoord haslo heslo losenord adgangskode passord salasana jelszo sifre parole
            пароль गुप्तशब्द 密码 密碼 パスワード 暗証番号 비밀번호
            """,
        "ONE_TIME_CODE": """
            otp totp 2fa mfa one~time one~time~code verification verification~code security~code access~code
            sms~code auth~code authentication~code confirmation~code backup~code recovery~code security~answer
            security~question secret~question sicherheitscode bestatigungscode code~de~verification
            codigo~de~verificacion codice~di~verifica 验证码 驗證碼 確認コード 認証コード 인증번호
            """,
        "CARD": """
            card~number card~no card~num cc~number cc~num ccnum cc~name cc~exp cc~csc credit~cards? debit~cards?
            payment~cards? card cvv cvv2 cvc cvc2 csc expiry expiration exp~date kartennummer kreditkarte
            numero~de~carte numero~de~tarjeta tarjeta numero~carta numero~do~cartao cartao 卡号 カード番号 카드번호
            """,
        "BANK": """
            iban bic swift account~number account~num account~no acct routing routing~number sort~code
            bank~account konto kontonummer bankverbindung numero~de~cuenta cuenta 账号 口座番号 계좌번호
            """,
        "IDENTITY": """
            ssn social~security~number social~security social~insurance national~insurance nino national~id
            id~number id~card passport passport~number driving~licen[cs]e drivers?~licen[cs]e licen[cs]e~number
            tax~id tax~number tin vat~number steuernummer steuer~id ausweis personalausweis dni nie curp cpf rfc
            cedula pesel bsn nir numero~de~securite~sociale codice~fiscale aadhaar pan~number snils
            身份证 マイナンバー 주민등록번호
            """,
        "PHONE": """
            phone phone~number tel telephone mobile mobile~number cell cell~phone telefon telefonnummer
            handynummer telefono celular movil telefone cellulare gsm telefoon телефон 手机 電話番号 전화번호
            """,
        "EMAIL": """
            e~mails? e~mail~address mail~address correo correo~electronico courriel adresse~e~mail posta~elettronica
            почта 邮箱 メールアドレス 이메일
            """,
        "ADDRESS": """
            street street~address address address~line address~line~?[12] address[12]? home~address postal~address
            shipping~address billing~address zip zip~code post~code postal~code adresse anschrift strasse plz
            postleitzahl direccion domicilio codigo~postal code~postal endereco cep indirizzo 地址 住所 우편번호
            """,
        "BIRTH": """
            birth birthday birth~date date~of~birth dob bday geburtsdatum geburtstag fecha~de~nacimiento
            date~de~naissance data~di~nascita data~de~nascimento 生日 生年月日 생년월일
            """,
        "NAME": """
            user~name login login~name login~id user~id full~name first~name last~name given~name family~name
            fname lname surname maiden~name mothers?~maiden benutzername vorname nachname nombre~de~usuario usuario
            nom~d~utilisateur prenom apellidos? cognome 用户名 ユーザー名
            """,
        "KEY": """
            token access~token secret secret~key api~key private~key client~secret credential credentials
            seed~phrase recovery~phrase mnemonic
            """,
        "PAY": "salary compensation expected~salary desired~salary gehalt salaire salario wage income 年薪 年収 연봉",
    }
)
"""Labels by the name of their kind, most telling kinds first; written without accents, in lower case."""

ORDINARY: Final = (
    "city state or zip code",
    "city state or zip",
    "city or zip code",
    "type a url or web address",
    "search or type (?:a )?url",
)
"""Phrases of ordinary search boxes that would otherwise look like one of the above."""
