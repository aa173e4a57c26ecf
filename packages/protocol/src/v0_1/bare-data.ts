/** Marks, in the metadata of a data part, a value that is no object and was put into one as its member `value`. */
export const bareDataMark = 'data_part_compat';
