// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ChartTest {
    private static final Metric SPEED = new Metric("tcp1", "Gbit/s", "speed <of> one & only");
    private static final Metric MEMORY = new Metric("rss_mb", "MB", "memory");
    private static final Metric COST = new Metric("remap_cost", "%", "cost");

    @Test
    void drawsABarForEachVariantInProportion() throws Exception {
        Chart chart = new Chart(
                "Gbit/s",
                List.of(
                        new Spread(SPEED, "openssl", 2.5, 3, 4),
                        new Spread(SPEED, "wireguard-go", 1, 1.5, 2),
                        new Spread(SPEED, "direct", 12, 13, 14)));

        Document svg = parse(chart.svg("wireguard-go", "direct"));

        double ours = width(svg, 0);
        assertThat(width(svg, 1)).as("half as fast").isCloseTo(ours / 2, within(0.1));
        assertThat(width(svg, 2)).as("ends at the edge: 4 of 4").isCloseTo(ours / 3 * 4, within(0.1));
        assertThat(((Element) svg.getElementsByTagName("rect").item(1)).getAttribute("class"))
                .isEqualTo("theirs");
        assertThat(svg.getDocumentElement().getTextContent()).contains("speed <of> one & only", "→ 13.0");
    }

    @Test
    void drawsOnePictureForEachUnitThatHasSizes() {
        List<Chart> charts = Chart.of(List.of(
                new Spread(SPEED, "openssl", 1, 2, 3),
                new Spread(MEMORY, "openssl", 1, 2, 3),
                new Spread(COST, "openssl", -1, 0, 1)));

        assertThat(charts).extracting(Chart::name).containsExactly("throughput", "memory");
    }

    private static double width(Document svg, int index) {
        return Double.parseDouble(((Element) svg.getElementsByTagName("rect").item(index)).getAttribute("width"));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
