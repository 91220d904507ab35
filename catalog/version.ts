/** Version of the toolkit; a test holds it equal to package.json. */
export const FREEHOLD_VERSION = "0.1.0";
