/** Filled anew for each line. A field that is not known is undefined, which nobody tells from absent. */
export type Draft<Fields> = { -readonly [Key in keyof Fields]-?: Fields[Key] | undefined }
