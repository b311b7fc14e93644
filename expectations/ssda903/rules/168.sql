-- code: 168
-- message: Unique Pupil Number (UPN) is not valid. If unknown, default codes should be UN1, UN2,
--     UN3, UN4 or UN5.
-- fields: UPN
-- tables: Header
-- years: 2023-
-- severity: fix
-- how_to_fix: Check UPN with the school: a letter and twelve digits, or a letter, eleven digits and
--     a letter. Where it is not known, give UN1 to UN5.
-- logic: UPN is given and is neither a letter other than I, O and S with twelve digits, or eleven
--     digits and a letter, after it, nor one of UN1 to UN5.
select
    'Header' as table_name,
    data_row
from header
where not regexp_full_match(upn, '[A-HJ-NP-RT-Z](\d{12}|\d{11}[A-Z])|UN[1-5]')
