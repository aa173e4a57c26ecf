/** A principal as people read it: its name beside its id, or the id alone where the platform tells no name. */
export function principalText(id: string, name: string | undefined): string {
  return name === undefined ? id : `${name} (${id})`;
}
