/// Storages as they are read: listed in the order of their keys' UTF-8 bytes, in bounded memory, and fetched
/// object by object. Nothing here changes a storage. An object is given whole and in the version that was
/// listed, or not at all, and whatever a listing cannot name is counted.
package org.picket.crawler.source;
