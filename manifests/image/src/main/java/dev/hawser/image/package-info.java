// SPDX-License-Identifier: Apache-2.0
/**
 * What users install: the one OCI image, made without a container engine or a registry, and the manifests that name it.
 *
 * <p>Main types: {@link dev.hawser.image.ImageBuild} (finds or makes the image), {@link
 * dev.hawser.image.UnpackedImage} (it, as programs in it see it) and {@link dev.hawser.image.Kustomization} (the manifests
 * as files). The jar, the AOT cache trained with it and the Java
 * runtime that both belong to are one unit: one id names all that goes in, and whatever changes makes a new image.
 *
 * <p>Must not know what our programs do, nor any cluster.
 */
@NullMarked
package dev.hawser.image;

import org.jspecify.annotations.NullMarked;
