/** Every problem a person can meet: the code is stable; the text is what `sextant explain CODE` prints. Keep it sorted. */
export const problemCodes = {
  ARGUMENT_INVALID:
    "A function of the library was given something that it cannot take: another kind of value, or an option that there is not.",
  ARTEFACT_CHANGED:
    "A file was changed while it was being assessed. What was seen of it cannot be told apart from what it was before, so it is not used.",
  ARTEFACT_ESCAPES:
    "A path in the declaration leads outside the project's folder, directly or through a link. Everything assessed must lie inside it.",
  ARTEFACT_MISSING: "A file that the declaration names does not exist or cannot be read.",
  ASSESSMENT_FILE_INVALID:
    "A file that was given as an assessment (a baseline, or one of two to compare) is missing, damaged, or something else. `sextant report --format json -o FILE` writes such files.",
  ASSESSMENT_FOREIGN: "The baseline is an assessment of another system. What is new against it would mean nothing.",
  ASSESSMENT_MISSING:
    "A report was asked for, and this system has not been assessed yet. Reports are made from the last assessment; nothing is run for them.",
  ATTACK_UNFIT: "An attack was asked for something that it cannot do: a norm, a bound or an access to the model that it has no way for.",
  CHILD_DIED: "The isolated process that reads data and runs models ended by itself: out of memory, killed, or crashed by a hostile file.",
  CHILD_TIMEOUT: "A step took longer than its limit in the isolated process and was ended.",
  COMMAND_UNKNOWN: "The command line names a command or an option that does not exist, or gives a value that it cannot take.",
  COMPARISON_IMPOSSIBLE: "There are no two models of one dataset that can be put side by side, or which of them is chosen is not declared.",
  CONTROL_INVALID:
    "A file with a control of the project's own does not hold one control that keeps to its form, or imports something else than `sextant-ai`.",
  CONTROL_UNTRUSTED:
    "A control of the project's own is code that would be run: only the very file whose digest the declaration names is. Read it before you write its digest.",
  DECLARATION_EXISTS: "`sextant init` never overwrites a sextant.yaml that is there already.",
  DECLARATION_FILES_NONE: "`sextant init` found no table and no model in the folder, so there is nothing to declare.",
  DECLARATION_KEY_MISSING: "sextant.yaml leaves out a key that cannot be left out.",
  DECLARATION_KEY_TWICE: "sextant.yaml writes the same key twice in one mapping, so that it is not clear which one holds.",
  DECLARATION_KEY_UNKNOWN:
    "sextant.yaml has a key that means nothing where it stands. Unknown keys are refused, because a misspelt one would silently change nothing.",
  DECLARATION_MISSING: "There is no sextant.yaml in the folder. `sextant init` writes one to start from.",
  DECLARATION_REFERENCE: "sextant.yaml refers to a dataset, model, claim or threat that does not exist.",
  DECLARATION_SYNTAX: "sextant.yaml is not well-formed YAML.",
  DECLARATION_UNREADABLE: "sextant.yaml cannot be read as text: it is too large, not in UTF-8, no plain file, or may not be opened.",
  DECLARATION_VALUE: "sextant.yaml has a value of the wrong kind, outside its range, or at odds with another one.",
  DECLARATION_YAML_FEATURE:
    "sextant.yaml uses anchors, aliases, merge keys or tags. They are refused, because what they stand for can be made to grow without limit.",
  ENDPOINT_ANSWER_INVALID:
    "An endpoint answered, and what it answered is no answer to the rows that were sent: a page, text behind the JSON, fewer rows, more bytes than fit, NaN.",
  ENDPOINT_CREDENTIAL_MISSING:
    "An environment variable that the declaration names for a credential or an address is not set, or cannot be used. Credentials stand in the environment alone, never in sextant.yaml.",
  ENDPOINT_FAILED: "An endpoint went on answering with an error that passes (429, 500, 503 ...) after every attempt that `retries` allows.",
  ENDPOINT_REDIRECTS:
    "An endpoint sends to another address. Redirects are not followed: rows and credentials go to the declared address alone.",
  ENDPOINT_REFUSED: "An endpoint refused the request (401, 403, 404, 422 ...), or its address is one that is never asked.",
  ENDPOINT_TIMEOUT: "An endpoint did not answer within `timeoutMs`, in any attempt.",
  ENDPOINT_TLS:
    "The certificate of an endpoint cannot be trusted, or it does not speak TLS. Certificates are never left unchecked; `ca` names an authority of your own.",
  ENDPOINT_UNENCRYPTED:
    "A warning: credentials of an endpoint are sent over http:// to another machine. Whoever stands on the way can read them, and change what is asked and answered.",
  ENDPOINT_UNREACHABLE: "An endpoint cannot be reached, or it breaks off the connection.",
  ENDPOINT_UNSTABLE:
    "An endpoint answers the same rows otherwise when it is asked again, or when they come together in one request. What is measured of it would mean nothing.",
  EVIDENCE_ALTERED:
    "An evidence file no longer holds the bytes that its name (a SHA-256 digest) promises. It was damaged or changed, and is not used.",
  FILES_REFUSED:
    "The operating system refused to read or write a file or folder that is needed: no permission, no space, or something else stands in its place.",
  GRADIENT_BLOCKED:
    "What a gradient is asked by does not reach the output smoothly: only through whole numbers, comparisons or the choice of a class, or not at all. The gradient would be zero everywhere, which says nothing of the model.",
  GRADIENT_INPUT:
    "A gradient is asked by something that is none of the model's values of real numbers, or by an input that was given in another shape or type.",
  GRADIENT_LOSS: "A loss does not go with the model: it needs more classes than the model has, or targets that are not given.",
  GRADIENT_MEMORY:
    "A gradient needs more memory than it may take: the tensors of one run are too large together, even where parts of the model are computed once more instead of being kept.",
  GRADIENT_MISSING:
    "An operator between the input and the output has no gradient: it rounds, chooses, draws random numbers, or is not known. It is named; zeros are never put in its place.",
  GRADIENT_SCORES:
    "It is not clear which output of a model holds the scores of its classes, or that output does not have the shape of scores.",
  IMAGE_DAMAGED: "A picture cannot be decoded to its end: it is truncated, damaged, or not what its first bytes say.",
  IMAGE_FORMAT:
    "A picture is of a kind that is not read: pictures are JPEG, PNG or WebP files of one frame, grey or in red, green and blue, with 8 bits a value. What else there is (CMYK, 16 bits, animations, SVG, TIFF ...) becomes numbers in more than one way, or needs readers that are switched off.",
  IMAGE_MISSING: "A picture that an index names is not there, is no plain file, or lies behind a link.",
  IMAGE_TOO_LARGE: "A picture has more pixels or bytes, or a folder more files, than are read.",
  IMAGES_UNCLEAR:
    "Pictures of one dataset differ in what a model takes for granted (size, colours), or their array does not tell which axis is which. The declaration has to say.",
  INTERNAL_FAULT:
    "Sextant itself failed; nothing is wrong with your input as far as we know. With SEXTANT_DEBUG=1 it shows where. Please report it.",
  LABEL_FAVOURABLE_UNKNOWN: "The label that is declared as favourable does not occur in the label column.",
  LABEL_ONE_CLASS:
    "The label column has the same value in every row of a split, or none at all: nothing can be learned or measured from it.",
  LABEL_UNKNOWN: "The label column holds a value that is none of the model's classes, or is empty in some rows.",
  LEDGER_DAMAGED:
    "The record of what was asked of an endpoint is damaged. How many queries are spent is then not known, so nothing is asked.",
  MODEL_ANSWERS_INVALID:
    "The model ran, but what it answered cannot be read as labels or probabilities: not finite, not between 0 and 1, not summing to 1, or of another shape.",
  MODEL_CLASSES_MISMATCH: "The classes that the model answers and those of the label column do not match.",
  MODEL_EXTERNAL_DATA: "An ONNX file keeps tensors in another file that is missing, too short, or outside the model's own folder.",
  MODEL_INPUT_INVALID:
    "A value of the data cannot be given to the model: text or an empty field where it takes a number, or a text that has no code.",
  MODEL_INPUT_MISMATCH:
    "The columns of a dataset do not fill the model's inputs: their number, kind or names differ from what the file says.",
  MODEL_INVALID:
    "An ONNX file contradicts itself: a value that nothing makes, two of the same name, or a tensor whose shape and data differ.",
  MODEL_LIFT_IMPOSSIBLE:
    "A node of an old ONNX file cannot be written in the newest opset, which is what gradients are made for. Export the model for a newer opset.",
  MODEL_LOAD_FAILED: "onnxruntime refused a model that looked well-formed.",
  MODEL_OPERATOR_UNKNOWN: "An ONNX file uses an operator that onnxruntime does not know, at least not in the opset that the file names.",
  MODEL_OPSET_UNSUPPORTED: "An ONNX file is newer than the onnxruntime that is used here.",
  MODEL_OUTPUT_MISMATCH:
    "It is not clear which of the model's outputs holds its scores or labels, or the declaration names one that does not fit.",
  MODEL_RUN_FAILED: "onnxruntime loaded a model but could not run it on the data.",
  MODEL_SHAPE_MISMATCH:
    "Shapes do not fit: those given for a model's inputs and what its file says, or those that meet in one of its nodes.",
  MODEL_SHAPE_UNKNOWN:
    "The shape of a value inside a model does not follow from the shapes of its inputs: it depends on the data, on a dimension that is left open, or on an operator that is not known here.",
  MODEL_TOO_COMPLEX: "An ONNX file nests deeper, or has more parts, than any model needs; it is refused before anything is built from it.",
  MODEL_TOO_LARGE: "An ONNX file is larger than what is read.",
  MODEL_UNREADABLE: "A file that should be an ONNX model is empty, cut short, or something else.",
  MODEL_VALUE_TOO_LARGE: "A value inside a model would take more memory than is given to one, for inputs of these shapes.",
  OUTPUT_PROTECTED:
    "A report was to be written over sextant.yaml, over a file that it names, or among Sextant's own state. It would be lost, so nothing was written.",
  POLICY_UNKNOWN:
    "The declaration changes a policy value that the control does not have, or gives it a value of another kind: it would silently change nothing.",
  PREDICTIONS_COLUMNS:
    "Which columns of a table hold the answers of a model and the truth cannot be told by their names and values. `--label`, `--prediction` and `--scores` say which.",
  PREDICTIONS_KEY:
    "The rows of a split and of its table of predictions cannot be brought together: a key is empty, stands twice, or has no answer.",
  PREDICTIONS_ROWS_DIFFER: "A table of predictions without a key must answer the rows of its split one by one, and has more or fewer rows.",
  QUERY_BUDGET_SPENT:
    "The declared budget of queries of an endpoint has no room for what is to be asked. It holds over all runs, and is never overspent.",
  RULE_INVALID:
    "A rule between the columns of a table cannot be read, or compares what cannot be compared. Rules are sums, products and ratios of columns and numbers, compared by <=, >=, ==, !=, < or >.",
  STATE_INVALID:
    "A part of Sextant's own state in .sextant/ is a link or of another kind. State is written there and removed again, so it must lie in the project itself.",
  TABLE_ARRAY: "A NumPy array cannot be a column or a part of a table: its elements, its shape or its name do not fit one.",
  TABLE_COLUMNS_DIFFER: "The files of one dataset, or of one table, do not have the same columns.",
  TABLE_COLUMN_KIND:
    "A column holds a value that cannot be read as the kind that is asked for, or differs in kind between the files of one dataset.",
  TABLE_COLUMN_MISSING: "A column that is asked for does not stand in the file.",
  TABLE_COLUMN_NAMES: "A column of a table has no name, or two columns share one. Every column needs a name of its own.",
  TABLE_COLUMN_NESTED: "A column of a table holds lists, structures or bytes. Tables here hold numbers, booleans, dates and texts alone.",
  TABLE_COMPRESSED:
    "A table is compressed as a whole in a way that is not unpacked here (zip, bzip2, xz ...); gzip and zstd are. Unpack it first.",
  TABLE_DAMAGED: "A table cannot be read to its end: it is truncated, damaged, or not what its name says.",
  TABLE_DELIMITER:
    "The fields of a CSV file are separated by something other than a comma, a semicolon, a tab or a vertical bar: the declaration must say by what.",
  TABLE_EMPTY: "A table has no rows.",
  TABLE_ENCODING:
    "A text file is in no encoding that is found by itself (UTF-8, UTF-16, Windows-1252), or not in the one that is declared. The message says where it stops making sense.",
  TABLE_FORMAT: "A table is in a format that is not read, such as a spreadsheet or an archive. The message says what to write instead.",
  TABLE_GROUPS_MANY:
    "Counting rows by these columns gives more groups than can be kept: one of the columns is probably an identifier or a measurement.",
  TABLE_HEADER_MISSING: "The first line of a CSV file looks like data. The first line must name the columns.",
  TABLE_LINE_ENDS: "The lines of a CSV file do not all end in the same way (LF, CR LF or CR), so that readers disagree where a row ends.",
  TABLE_LINE_LONG: "A row of a CSV file is longer than 1 MiB, which is no row of a table.",
  TABLE_NOT_PARQUET: "A file that is declared as Parquet is something else, or is encrypted.",
  TABLE_PICKLED: "A file holds pickled Python objects. They are never opened, because loading them can run any code.",
  TABLE_QUOTES: "A quotation mark in a CSV file is never closed, or something follows it before the next delimiter.",
  TABLE_ROW_RAGGED: "A row of a CSV file has more or fewer fields than its header.",
  TABLE_TOO_LARGE: "A table, or a question about it, needs more memory or disk than it may use.",
} as const satisfies Record<string, string>;

/** The code of a {@link Problem}: stable, and explained by `sextant explain CODE`. */
export type ProblemCode = keyof typeof problemCodes;
