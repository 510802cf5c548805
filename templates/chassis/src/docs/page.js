// Shows openapi.json: one fold per operation, with a form to try it out.
"use strict";

const element = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

let schemas = {};
const resolve = (schema) => (schema?.$ref ? schemas[schema.$ref.split("/").pop()] : schema) ?? {};

// A value that the schema allows, to start from. What holds itself ends somewhere.
const sample = (schema, depth = 0) => {
  schema = resolve(schema);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.oneOf) return sample(schema.oneOf.find((choice) => choice.type !== "null"), depth);
  const type = [schema.type].flat().find((name) => name !== "null");
  if (type === "object") {
    const fields = depth < 3 ? Object.entries(schema.properties ?? {}) : [];
    return Object.fromEntries(fields.map(([name, field]) => [name, sample(field, depth + 1)]));
  }
  const texts = {
    uuid: crypto.randomUUID?.() ?? "00000000-0000-0000-0000-000000000000",
    date: new Date().toISOString().slice(0, 10),
    "date-time": new Date().toISOString(),
    decimal: "1",
    email: "someone@example.com",
    uri: "https://example.com/",
  };
  return { integer: schema.minimum ?? 1, number: 1, boolean: false, array: [] }[type] ?? texts[schema.format] ?? "text";
};

const rules = (schema) => {
  schema = resolve(schema);
  const names = ["format", "minimum", "maximum", "minLength", "maxLength", "pattern", "enum", "default"];
  const parts = names.filter((name) => schema[name] !== undefined).map((name) => `${name} ${schema[name]}`);
  return [[schema.type].flat().join(" or "), ...parts].join(", ");
};

// Whoever logs in here asks with the new token from then on.
const use = (token) => {
  for (const input of document.querySelectorAll("input[name=authorization]")) input.value = `Bearer ${token}`;
};

const send = async (method, path, form, output) => {
  const query = new URLSearchParams();
  const headers = {};
  for (const input of form.querySelectorAll("input")) {
    if (input.dataset.in === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value && input.dataset.in === "header") headers[input.name] = input.value;
    else if (input.value) query.set(input.name, input.value);
  }
  const body = form.querySelector("textarea")?.value;
  if (body !== undefined) headers["content-type"] = "application/json";
  const address = new URL(path.slice(1), document.baseURI);
  address.search = query;
  try {
    const response = await fetch(address, { method, headers, body });
    const text = await response.text();
    const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    let shown = text;
    try {
      const value = JSON.parse(text);
      shown = JSON.stringify(value, null, 2);
      if (value.access_token) use(value.access_token);
    } catch { /* not JSON: as it is */ }
    output.textContent = [`${response.status} ${response.statusText}`, ...lines, "", shown].join("\n");
  } catch (error) {
    output.textContent = String(error);
  }
};

const operation = (path, method, details) => {
  const form = element("form");
  const token = { name: "authorization", in: "header", schema: { type: "string", format: "Bearer TOKEN" } };
  for (const parameter of [...(details.security ? [token] : []), ...(details.parameters ?? [])]) {
    const input = element("input", { name: parameter.name, required: parameter.required });
    input.dataset.in = parameter.in;
    form.append(element("label", {}, `${parameter.name} `, element("small", {}, rules(parameter.schema)), input));
  }
  const schema = resolve(details.requestBody?.content?.["application/json"]?.schema);
  if (schema.properties) {
    const list = element("ul");
    for (const [name, field] of Object.entries(schema.properties)) {
      const need = schema.required?.includes(name) ? "required" : "optional";
      list.append(element("li", {}, element("code", {}, name), element("small", {}, ` ${need}, ${rules(field)}`)));
    }
    const value = JSON.stringify(sample(schema), null, 2);
    form.append(list, element("textarea", { rows: value.split("\n").length, value }));
  }
  const output = element("pre");
  form.append(element("button", {}, "Send"), output);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(method.toUpperCase(), path, form, output);
  });
  const head = [element("b", {}, method.toUpperCase()), element("code", {}, path), details.summary ?? ""];
  return element("details", { className: method }, element("summary", {}, ...head), form);
};

fetch("openapi.json").then((response) => response.json()).then((api) => {
  schemas = api.components?.schemas ?? {};
  document.title = api.info.title;
  document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;
  document.getElementById("description").textContent = api.info.description ?? "";
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, details]) => operation(path, method, details)));
  document.getElementById("operations").replaceChildren(...operations);
});
