import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { XmlDocument, XsdValidator } from "libxml2-wasm";

const schema = (name: string) => readFileSync(new URL(`../../../vectors/schemas/${name}`, import.meta.url), "utf8");

/** What a document has against its published schema: nothing, when it is valid. */
export type Validate = (document: string) => readonly string[];

const options = { strict: false, allErrors: false, validateFormats: true, logger: false } as const;

function jsonValidator(ajv: Ajv, name: string): Validate {
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(schema(name)));
  return (document) => {
    if (validate(JSON.parse(document))) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

export const sarifErrors = jsonValidator(new AjvDraft04.default(options), "sarif-schema-2.1.0.json");
export const oscalErrors = jsonValidator(new Ajv(options), "oscal_assessment-results_schema-1.1.3.json");

const junitSchema = XsdValidator.fromDoc(XmlDocument.fromString(schema("junit-10.xsd")));

export const junitErrors: Validate = (document) => {
  try {
    const xml = XmlDocument.fromString(document);
    try {
      junitSchema.validate(xml);
      return [];
    } finally {
      xml.dispose();
    }
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};
