// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.nio.file.Path;

/**
 * A file of this machine and its place in the image.
 *
 * @param target absolute path in the image
 */
record ImageFile(Path source, String target, boolean executable) {}
