{% for statement in change.postgres -%}
{= statement =};
{% endfor -%}
