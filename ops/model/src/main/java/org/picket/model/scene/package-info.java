/// Seeded synthetic pictures with known labels. All of them are drawn from simple shapes and harmless.
package org.picket.model.scene;
