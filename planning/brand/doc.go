// Package brand is the visual design strategy: how everything a brand posts
// looks, and the pictures themselves.
//
// A [Kit] holds colours, fonts, logo and tone of voice. A [Template] lays out a
// kind of post, a product with its price, a quotation, instructions, a
// campaign, in every shape that networks show: portrait, square, tall and wide.
// [Renderer] draws a [Content] by a template into a [Placement]'s size, with
// real text shaping: lines are measured, wrapped at the language's break
// opportunities and shrunk to fit, and what the font cannot write or what does
// not fit is an error, never a box or a cut letter. [Check] holds a kit and a
// content to the brand's own rules: contrast, logo, banned words.
//
// # Units
//
// Boxes in templates are shares of the picture's width and height; sizes of
// text, radii and gaps are shares of its shorter side. The same input gives the
// same picture, byte for byte, on the same kind of processor.
//
// # Fonts
//
// Inter (https://rsms.me/inter, SIL Open Font License 1.1, see fonts/OFL.txt) is
// embedded; a kit may bring its own.
package brand
