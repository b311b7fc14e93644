-- code: 202
-- message: The gender code conflicts with the gender already recorded for this child.
-- fields: SEX
-- tables: Header, Header_last
-- years: 2023-
-- severity: fix
-- how_to_fix: Compare SEX with last year's return and correct the one that is wrong.
-- logic: SEX differs from the one in last year's Header; for 2025, last year's 1 and 2 are read as
--     M and F.
select
    'Header' as table_name,
    header.data_row
from header
inner join header_last on header.child = header_last.child
cross join metadata
where
    header.sex is distinct from case
        -- DfE's codes changed with this year: without this every child would differ.
        when metadata.collection_year = 2025 and header_last.sex = '1' then 'M'
        when metadata.collection_year = 2025 and header_last.sex = '2' then 'F'
        else header_last.sex
    end
