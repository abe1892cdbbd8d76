package org.picket.crawler.image.structure;

/// Matrix coefficients and range of colours, as a container tells them (ITU-T H.273).
public record ToldColours(int matrix, boolean fullRange) {}
