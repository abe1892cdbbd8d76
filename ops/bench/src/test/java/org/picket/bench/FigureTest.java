package org.picket.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void medianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertEquals(3, new Figure("x", "s", List.of(9.0, 1.0, 2.0, 4.0), List.of()).median());
        assertEquals(2, new Figure("x", "s", List.of(9.0, 1.0, 2.0), List.of()).median());
    }

    @Test
    void ratiosAreTakenRunByRun() {
        assertEquals(List.of(0.5, 2.0), Figure.ratios(List.of(1.0, 8.0), List.of(2.0, 4.0)));
    }

    @Test
    void figureWithoutARunIsNone() {
        assertThrows(IllegalArgumentException.class, () -> new Figure("x", "s", List.of(), List.of()));
    }
}
