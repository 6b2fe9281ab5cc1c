// What the charts need of Vega and Vega-Lite, as `vega`: no maps, trees, forces, clouds of words, regressions.
import {extend} from 'vega-util';
import {transforms} from 'vega-dataflow';
import * as tables from 'vega-transforms';
import * as views from 'vega-view-transforms';
import * as encodings from 'vega-encode';

extend(transforms, tables, views, encodings);

export {compile} from 'vega-lite';
export {expressionInterpreter} from 'vega-interpreter';
export {parse} from 'vega-parser';
export {Error, logger} from 'vega-util';
export {View} from 'vega-view';
