-- One row per row of AD1, with how many of its six items on the adoption are filled. A date that
-- cannot be read is filled.
select
    *,
    (date_int__text is not null)::integer
    + (date_match__text is not null)::integer
    + (foster_care is not null)::integer
    + (nb_adoptr is not null)::integer
    + (sex_adoptr is not null)::integer
    + (ls_adoptr is not null)::integer as items_filled
from ad1
