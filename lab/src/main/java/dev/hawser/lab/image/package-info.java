/**
 * Container images for a laboratory, made without a container engine.
 *
 * <p>{@link dev.hawser.lab.image.ImageArchive} describes one and writes it as an archive that every engine can import. For
 * images of a few files; this package knows nothing of nodes, registries or Java programs.
 */
@NullMarked
package dev.hawser.lab.image;

import org.jspecify.annotations.NullMarked;
