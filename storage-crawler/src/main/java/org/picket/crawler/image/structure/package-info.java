/// What an object is and whether it is whole, found out by parsers of our own before any decoder sees a byte of it.
///
/// Pure Java over [Octets], which cannot be read beyond their end: no native code, no files, nothing but the object. A
/// `*Structure` walks a format to its end and says where the coded pictures lie and how large they are; what is
/// truncated, damaged, larger than allowed or not decoded is a [FlawedObject] with its [Flaw].
package org.picket.crawler.image.structure;
