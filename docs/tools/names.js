/**
 * Shows types by their names where the compiler forgets them: of words that are read off a list (`(typeof budgets)[number]`, `keyof typeof problemCodes`), of
 * templates, and of what a schema says. Else each would be written out wherever it stands.
 */
import { Converter, LiteralType, ReferenceType, ReflectionKind, Type, UnionType } from "typedoc";

/** A list of more words than these is not shown, not even at its own name. */
const mostWords = 20;

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    const { project } = context;
    const aliases = project.getReflectionsByKind(ReflectionKind.TypeAlias);
    const lists = aliases
      .filter(({ type }) => type.type === "indexedAccess" || type.type === "typeOperator")
      .map((alias) => ({ alias, words: wordsOf(context, alias) }));
    const templates = new Map(aliases.filter(({ type }) => type.type === "templateLiteral").map((alias) => [String(alias.type), alias]));
    const shapes = new Map(project.getReflectionsByKind(ReflectionKind.Interface).map((each) => [keysOf(each), each]));
    for (const reflection of Object.values(project.reflections)) {
      if (!reflection.kindOf(ReflectionKind.Parameter)) delete reflection.defaultValue; // of a schema or a constant: nothing to read
      if (reflection.name === "__namedParameters") reflection.name = "options";
      if (reflection.type instanceof Type && !aliases.includes(reflection))
        reflection.type = named(reflection.type, { lists, templates, shapes, project });
    }
    for (const { alias, words } of lists)
      if (words.length <= mostWords) alias.type = new UnionType(words.map((word) => new LiteralType(word)));
  });
}

function wordsOf(context, alias) {
  const symbol = context.getSymbolFromReflection(alias);
  const type = context.programs[0].getTypeChecker().getDeclaredTypeOfSymbol(symbol);
  return (type.isUnion() ? type.types : [type]).flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
}

const keysOf = ({ children = [] }) =>
  children
    .map(({ name }) => name)
    .sort()
    .join();

/** The type with names in place of what they stand for, all through it. */
function named(type, known) {
  for (const [key, value] of Object.entries(type)) {
    if (value instanceof Type) type[key] = named(value, known);
    else if (Array.isArray(value)) type[key] = value.map((each) => (each instanceof Type ? named(each, known) : each));
  }
  if (type.type === "union") return withLists(type, known);
  const found = type.type === "templateLiteral" ? known.templates.get(String(type)) : known.shapes.get(shapeOf(type));
  return found === undefined ? type : nameOf(found, known);
}

const nameOf = (reflection, { project }) => ReferenceType.createResolvedReference(reflection.name, reflection, project);

/** Of `Readonly<{ ... }>`, as schemas give it: its keys. */
function shapeOf({ type, name, typeArguments }) {
  const [inner] = typeArguments ?? [];
  return type === "reference" && name === "Readonly" && inner?.type === "reflection" ? keysOf(inner.declaration) : undefined;
}

function withLists(union, known) {
  const wordOf = (part) => (part.type === "literal" ? part.value : undefined);
  const has = new Set(union.types.map(wordOf));
  const found = known.lists.find(({ words }) => words.length > 1 && words.every((word) => has.has(word)));
  if (found === undefined) return union;
  const others = union.types.filter((part) => !found.words.includes(wordOf(part)));
  const name = nameOf(found.alias, known);
  return others.length === 0 ? name : new UnionType([name, ...others]);
}
