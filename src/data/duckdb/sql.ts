/** Text as an SQL literal. NUL cannot stand in one. */
export const literal = (text: string): string => `'${text.replaceAll("\0", "").replaceAll("'", "''")}'`;

export const list = (items: readonly string[]): string => items.join(", ");
