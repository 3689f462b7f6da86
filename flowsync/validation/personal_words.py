"""Words by which a label or name says that it asks for something personal, as data.

They are lower case, without accents, and match as whole words. Only what would hurt in the wrong
hands is listed: names, addresses, telephone numbers and e-mail are what most flows ask for, and
people expect to find them in the summary of their answers.
"""

from __future__ import annotations

from collections.abc import Mapping

IDENTITY = (
    # English
    "passport", "passport number", "passport no", "ssn", "social security",
    "social security number", "national id", "national id number", "national identity",
    "id number", "id card number", "identity number", "identity card", "identification number",
    "driving licence", "driving license", "driver licence", "driver license", "drivers licence",
    "drivers license", "licence number", "license number", "tax id", "tax number", "voter id",
    "residence permit",
    # India and its neighbours
    "aadhaar", "aadhar", "adhaar", "adhar", "pan number", "pan no", "pan card", "cnic",
    "nid number",
    # Latin America, Spain, Portugal, Brazil
    "cpf", "cnh", "numero do rg", "titulo de eleitor", "curp", "rfc", "nif", "cuit",
    "numero de dni", "numero dni", "tu dni", "su dni", "dni o nie", "cuil", "numero de rut",
    "tu rut", "su rut", "cedula", "cedula de identidad", "cedula de ciudadania", "pasaporte",
    "passaporte", "numero de documento", "numero do documento", "documento de identidad",
    "documento de identidade", "numero de identificacion", "seguro social", "seguridad social",
    "carteira de identidade", "carteira de motorista", "licencia de conducir",
    # elsewhere
    "nric", "fin number", "nomor nik", "ktp", "bvn", "nin number", "ghana card", "kra pin",
    "emirates id", "iqama", "bsn", "codice fiscale", "steuernummer", "steuer id", "ausweisnummer",
    "personalausweis", "reisepass", "passeport", "numero de passeport", "carte d identite",
    "numero fiscal", "numero de contribuinte", "tc kimlik", "kimlik no",
)  # fmt: skip
PAYMENT = (
    "card number", "card no", "credit card number", "debit card number", "cvv", "cvv2", "cvc",
    "card security code", "iban", "bank account", "bank account number", "bank details",
    "numero do cartao", "numero de cartao", "numero de tarjeta", "numero de la tarjeta",
    "codigo de seguranca", "codigo de seguridad", "numero de cuenta", "cuenta bancaria",
    "numero da conta", "conta bancaria", "chave pix", "clabe", "numero de carte", "kontonummer",
    "sort code", "routing number", "upi pin", "atm pin", "khata number", "khaata number",
)  # fmt: skip
SECRET = (
    "password", "passphrase", "passcode", "secret code", "secret word", "senha", "contrasena",
    "palavra passe", "mot de passe", "passwort", "security answer",
)  # fmt: skip
HEALTH = (
    "medical history", "medical condition", "medical conditions", "medical record",
    "medical records", "health condition", "health conditions", "health problem",
    "health problems", "health issue", "health issues", "diagnosis", "diagnoses", "symptom",
    "symptoms", "allergy", "allergies", "medication", "medications", "blood type", "blood group",
    "chronic disease", "chronic diseases", "pregnant", "pregnancy", "disability", "disabilities",
    "health insurance number", "historico medico", "historial medico", "historia clinica",
    "condicao medica", "condicion medica", "problema de saude", "problemas de saude",
    "problema de salud", "problemas de salud", "diagnostico", "sintoma", "sintomas", "alergia",
    "alergias", "medicacao", "medicacion", "medicamento", "medicamentos", "tipo sanguineo",
    "tipo de sangre", "enfermedad", "enfermedades", "doenca", "doencas", "embarazada", "embarazo",
    "discapacidad", "bimari",
)  # fmt: skip
BIRTH = (
    "date of birth", "birth date", "birthdate", "dob", "data de nascimento", "fecha de nacimiento",
    "date de naissance", "geburtsdatum", "data di nascita", "tanggal lahir", "janm tithi",
    "janam tithi", "janm tarikh",
)  # fmt: skip

# Numbers of identity whose short names are ordinary words elsewhere, such as «dni», which are days
# in Polish: they count only where they are the whole label or name.
ALONE = frozenset({"dni", "nie", "nik", "nin", "rut"})

# What each group is called in a message.
PERSONAL: Mapping[str, tuple[str, ...]] = {
    "an identity number": IDENTITY,
    "payment data": PAYMENT,
    "a secret": SECRET,
    "health data": HEALTH,
    "a date of birth": BIRTH,
}
