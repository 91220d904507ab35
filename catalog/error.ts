/** A data file of the catalogue is missing, is not JSON, or holds a row that is not sound. */
export class CatalogError extends Error {
  readonly code = "catalog-corrupt";
  /** Name of the file in the data folder. */
  readonly file: string;
  /** Index of the row from 0; null when the file as a whole cannot be read. */
  readonly row: number | null;
  readonly fix = "install the package again, or run npm run catalog:build in a checkout";

  constructor(file: string, row: number | null, problem: string) {
    super(`catalogue file ${file}${row === null ? "" : `, row ${row}`}: ${problem}`);
    this.name = "CatalogError";
    this.file = file;
    this.row = row;
  }
}
