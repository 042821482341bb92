import { type Grouping, missingGroup } from "../../needs/groups.ts";

/** One grouping for each pair of columns: `Female, Black` of `sex and race`. Where either value is missing, so is the intersection. */
export function intersectionsOf(groupings: readonly Grouping[]): Grouping[] {
  return groupings.flatMap((one, at) => groupings.slice(at + 1).map((other) => meeting(one, other)));
}

function meeting(one: Grouping, other: Grouping): Grouping {
  const groups: string[] = [];
  const places = new Map<number, number>();
  const members = Int32Array.from(one.members, (first, row) => {
    const second = other.members[row]!;
    if (first < 0 || second < 0) return -1;
    const key = first * other.groups.length + second;
    const known = places.get(key);
    if (known !== undefined) return known;
    const name = nameOf(one.groups[first] ?? "", other.groups[second] ?? "");
    const found = groups.indexOf(name);
    const place = found >= 0 ? found : groups.push(name) - 1;
    places.set(key, place);
    return place;
  });
  return { column: `${one.column} and ${other.column}`, groups, members };
}

const nameOf = (first: string, second: string) =>
  first === missingGroup || second === missingGroup ? missingGroup : `${first}, ${second}`;
