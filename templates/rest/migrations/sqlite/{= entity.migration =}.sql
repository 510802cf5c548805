-- Timestamps are TEXT of fixed width (RFC 3339, UTC), decimals INTEGERs scaled by a power of ten: both
-- sort as they should.
CREATE TABLE {= entity.sql.table =} (
{%- for column in entity.sql.sqlite %}
    {= column =}{% if not loop.last %},{% endif %}
{%- endfor %}
) STRICT;
