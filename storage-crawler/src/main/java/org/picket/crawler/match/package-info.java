/// What hash lists know of an object, found out beside the storage before anything of it is sent to anybody.
///
/// PDQ is computed here from decoded pixels, in the decoder process ([PdqHasher] is all of it that runs there);
/// what is compared with lists is compared in the process that reads the storage. Invariant: a search is exact.
/// Whatever speeds it up finds all that a comparison with every entry would find.
package org.picket.crawler.match;
