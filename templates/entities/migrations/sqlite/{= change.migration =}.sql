{% for statement in change.sqlite -%}
{= statement =};
{% endfor -%}
