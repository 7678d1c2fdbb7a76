/**
 * The form of a JSON value, checked. For looop's own files, which every call reads: this costs a start
 * nothing, where the schemas of the decision (src/decide) cost it two milliseconds of its twenty.
 *
 * @module
 */

/** Where in a value a shape looks, and who is told of keys that no shape names. */
export interface Place {
  readonly keys: readonly PropertyKey[];
  readonly onUnknownKey?: ((keys: readonly PropertyKey[]) => void) | undefined;
}

/** Checks a value and returns it, or throws a `ShapeError`. */
export type Shape<T> = (value: unknown, place: Place) => T;

/** What a shape accepts. */
export type ValueOf<S> = S extends Shape<infer T> ? T : never;

/** A value that has another form; the message continues "key = value: ". */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  constructor(readonly keys: readonly PropertyKey[], expected: string) {
    super(expected);
  }
}

/** Checks a whole value. */
export function check<T>(
  shape: Shape<T>,
  value: unknown,
  onUnknownKey?: Place["onUnknownKey"],
): T {
  return shape(value, { keys: [], onUnknownKey });
}

/** Returns the value where it has this form, undefined where it has not. */
export function matches<T>(shape: Shape<T>, value: unknown): T | undefined {
  try {
    return check(shape, value);
  } catch {
    return undefined; // What is wrong with it, nobody asked.
  }
}

export const text: Shape<string> = (value, { keys }) => {
  if (typeof value === "string") return value;
  throw new ShapeError(keys, "write text in quotes");
};

export const number: Shape<number> = (value, { keys }) => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ShapeError(keys, "write a number");
};

export const truth: Shape<boolean> = (value, { keys }) => {
  if (typeof value === "boolean") return value;
  throw new ShapeError(keys, "write true or false");
};

/** Accepts whatever stands there. */
export const anything: Shape<unknown> = (value) => value;

/** Accepts whole numbers only. */
export const whole: Shape<number> = (value, { keys }) => {
  if (Number.isSafeInteger(value)) return value as number;
  throw new ShapeError(keys, "write a whole number");
};

/** Accepts some words only. */
export function oneOf<const W extends string | true>(...words: readonly W[]): Shape<W> {
  return (value, { keys }) => {
    if (words.includes(value as W)) return value as W;
    const known = words.map((word) => JSON.stringify(word)).join(", ");
    throw new ShapeError(keys, `write one of ${known}`);
  };
}

/** Accepts what `shape` accepts and no `problem` is found with. */
export function where<T>(shape: Shape<T>, problem: (value: T) => string | undefined): Shape<T> {
  return (value, place) => {
    const checked = shape(value, place);
    const found = problem(checked);
    if (found === undefined) return checked;
    throw new ShapeError(place.keys, found);
  };
}

/** Accepts null, too. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, place) => (value === null ? null : shape(value, place));
}

/** Accepts a missing value, too. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, place) => (value === undefined ? undefined : shape(value, place));
}

/** Accepts what one of two shapes accepts. */
export function either<A, B>(one: Shape<A>, other: Shape<B>): Shape<A | B> {
  return (value, place) => {
    try {
      return one(value, place);
    } catch {
      return other(value, place); // Its error names the form that is told.
    }
  };
}

/** Puts a value in the place of a missing one. */
export function withDefault<T>(shape: Shape<T>, missing: T): Shape<T> {
  return (value, place) => (value === undefined ? missing : shape(value, place));
}

export function listOf<T>(shape: Shape<T>): Shape<T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw new ShapeError(place.keys, "write a list");
    return value.map((item, index) => shape(item, below(place, index)));
  };
}

/** Accepts a list of just these. */
export function tupleOf<T extends readonly unknown[]>(
  ...shapes: { readonly [K in keyof T]: Shape<T[K]> }
): Shape<T> {
  return (value, place) => {
    if (!Array.isArray(value) || value.length !== shapes.length) {
      throw new ShapeError(place.keys, `write a list of ${shapes.length}`);
    }
    return shapes.map((shape, index) => shape(value[index], below(place, index))) as unknown as T;
  };
}

/** Accepts an object with any keys. */
export function mapOf<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return (value, place) =>
    Object.fromEntries(
      Object.entries(objectOf(value, place))
        .map(([key, item]) => [key, shape(item, below(place, key))]),
    );
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: undefined extends ValueOf<F[K]> ? K : never;
}[keyof F];

/** The object that some fields make; what may be missing is optional. */
export type ObjectOf<F extends Fields> =
  & { [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]> }
  & { [K in OptionalKeys<F>]?: Exclude<ValueOf<F[K]>, undefined> };

/** Accepts an object with these fields; others are told to whoever asked, and left out. */
export function objectWith<const F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const names = Object.keys(fields);
  return (value, place) => {
    const given = objectOf(value, place);
    const checked: Record<string, unknown> = {};
    for (const name of names) {
      const field = Object.hasOwn(given, name) ? given[name] : undefined;
      const result = fields[name]!(field, below(place, name));
      if (result !== undefined) checked[name] = result;
    }
    if (place.onUnknownKey) {
      for (const key of Object.keys(given)) {
        if (!Object.hasOwn(fields, key)) place.onUnknownKey([...place.keys, key]);
      }
    }
    return checked as ObjectOf<F>;
  };
}

function objectOf(value: unknown, { keys }: Place): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new ShapeError(keys, "write an object");
}

function below({ keys, onUnknownKey }: Place, key: PropertyKey): Place {
  return { keys: [...keys, key], onUnknownKey };
}
