/// Trains the stand-in's network on synthetic scenes. One seed gives one network, bit for bit: the arithmetic
/// is plain Java on one thread, exponentials are StrictMath's, and every random number comes from a seeded
/// sequence of our own.
package org.picket.model.training;
