CREATE TABLE {= entity.sql.table =} (
{%- for column in entity.sql.postgres %}
    {= column =}{% if not loop.last %},{% endif %}
{%- endfor %}
);
{%- if entity.sql.indexes %}
{% for index in entity.sql.indexes %}
CREATE INDEX {= index =};
{%- endfor %}
{%- endif %}
