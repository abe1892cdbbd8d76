/// What building a bundle takes whatever its model is: runs on the CPU, golden views, the card, the file.
package org.picket.model.build;
