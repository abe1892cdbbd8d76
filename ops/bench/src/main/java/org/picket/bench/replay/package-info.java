/// How long it takes to rule all stored scores once more.
package org.picket.bench.replay;
