// Why a base map cannot be shown.

/** The message is a sentence for the page. */
export class MapProblem extends Error {}
