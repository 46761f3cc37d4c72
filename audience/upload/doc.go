// Package upload brings segments into the custom audiences of ad platforms and
// keeps them there as they change.
//
// A [Normalizer] writes a person's identifiers the way one platform writes them
// and hashes them: the same address has another hash at Google than at Meta. An
// [Exporter] sends the people of a segment who have consented, and from then on
// the difference: who joined, and who left, withdrew or whose consent ran out.
// An [Uploader] is the port to a platform, [State] the port that remembers what
// was sent; both have an implementation in memory and a conformance suite in
// package uploadtest. What platforms accept are dated [Facts].
//
// # When a call fails
//
// Every batch is stored before it is sent, under a key of its own, and again
// with what became of it. A batch ends in one of three ways: taken, refused for
// certain ([RefusedError]), or nobody knows. Of the last kind the next export
// first asks the platform ([Finder]); sends a removal again, which does nothing
// twice; and sends an addition again under its key where the platform then does
// nothing twice ([Repeatable]), provided that everybody in it is still wanted
// and still consents. Otherwise those who are wanted no more are removed, those
// who are wanted are sent in a new batch at a platform that does nothing twice,
// and are left alone and reported at one that may, until somebody looks it up
// ([Exporter.Resolve]).
//
// # Where text can be read wrongly
//
// Meta's own code was run on Turkish data, and reads some of it wrongly. What is
// compared on Meta's side by its own rules has to be written the same way here:
// the city İstanbul is "stanbul", the name IŞIL is "işil". What is only a wrong
// guess is not repeated: a domestic phone number is completed by the country it
// is written by, and refused without one; a birth date is a date, so 05.01.1990
// is never in May; a country is an ISO code, so "Turkiye" is never "tu"; the
// words kadın and erkek are understood; and an address with other than ASCII
// letters is refused, as there. Texts of 64 hexadecimal digits are hashes
// already and are never hashed again.
//
// # What the law asks (an engineer's reading, not legal advice)
//
// Hashing is not anonymising: who knows an address can compute its hash, so
// hashes are personal data. Here they are kept for one reason, to take somebody
// out again, and [Exporter.Forget] erases them once that is done.
//
// Handing customer data to an ad platform needs consent (in Germany VG Bayreuth
// and VGH München in 2018; in the European Economic Area Google asks for
// ad_user_data and ad_personalization apart). A [ConsentRule] looks at person,
// purpose and channel at the moment of sending; unknown is not granted; removal
// needs none. A consent to messages, recorded in the Turkish register İYS (Law
// 6563), is not a consent to this; hosts that want it as a further condition
// name it among the sources.
//
// Under KVKK (Law 6698) the platforms are recipients abroad: since 1 September
// 2024 blanket explicit consent is no basis for systematic transfers; a standard
// contract is, notified to the authority within five business days. Periodic
// destruction runs at most six months apart, records of erasure are kept for
// three years, and requests are answered within 30 days. The records of exports
// hold no personal data of customers and may be kept.
//
// Segments that are chosen by sensitive attributes ([Sensitive]) are refused.
package upload
