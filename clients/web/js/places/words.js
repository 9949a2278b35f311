// Places in words: "Hatta, United Arab Emirates", "2.1 km north-east of Hatta", or an address.

import { language, t } from "../i18n/messages.js";
import { distance, wind } from "../ui/text.js";

/** @typedef {{text: string, source: "gazetteer" | "geocoder", name?: string, country?: string, distance?: number, direction?: string}} Place */

/** Names of countries in the language of the page; the hub has the English ones. */
const countries = new Intl.DisplayNames(language, { type: "region" });

const DIRECTIONS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

/**
 * A place as the hub names it; "" where it names none. `short` leaves the country out.
 * @param {Place | null | undefined} place
 * @param {{short?: boolean}} [options]
 */
export function placeWords(place, { short = false } = {}) {
  if (!place) return "";
  if (!place.name) return place.text;
  const name = short || !place.country ? place.name : t("place-in-country", { name: place.name, country: countries.of(place.country) ?? place.country });
  if (place.distance === undefined) return name;
  return t("place-near", { distance: distance(place.distance), wind: wind(45 * DIRECTIONS.indexOf(place.direction ?? "N")), name });
}
