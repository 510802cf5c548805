CREATE TABLE {= entity.sql.table =} (
{%- for column in entity.sql.postgres %}
    {= column =}{% if not loop.last %},{% endif %}
{%- endfor %}
);
