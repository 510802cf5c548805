-- Timestamps are TEXT of fixed width (RFC 3339, UTC), which sorts by time.
{%- if entity.uses.decimal %} Decimals are INTEGERs, scaled by a
-- power of ten, which sort and sum exactly.
{%- endif %}
CREATE TABLE {= entity.sql.table =} (
{%- for column in entity.sql.sqlite %}
    {= column =}{% if not loop.last %},{% endif %}
{%- endfor %}
) STRICT;
{%- if entity.sql.indexes %}
{% for index in entity.sql.indexes %}
CREATE INDEX {= index =};
{%- endfor %}
{%- endif %}
